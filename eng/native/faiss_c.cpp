// The part of FAISS's C API that RecSys calls, for systems whose package has the C headers and libfaiss.a but not the C library.
// Names, signatures and return codes are those of the official libfaiss_c.so, which can take the place of this one.
#include <faiss/AutoTune.h>
#include <faiss/Index.h>
#include <faiss/IndexIVF.h>
#include <faiss/impl/FaissException.h>
#include <faiss/impl/IDSelector.h>
#include <faiss/invlists/InvertedLists.h>
#include <faiss/index_factory.h>
#include <faiss/index_io.h>

// Where the package brings the C headers, the compiler compares every signature with them.
#if __has_include(<faiss/c_api/Index_c.h>)
#include <faiss/c_api/AutoTune_c.h>
#include <faiss/c_api/IndexIVF_c.h>
#include <faiss/c_api/Index_c.h>
#include <faiss/c_api/error_c.h>
#include <faiss/c_api/index_factory_c.h>
#include <faiss/c_api/index_io_c.h>
#else
typedef struct FaissIndex_H FaissIndex;
typedef struct FaissIndex_H FaissIndexIVF;
typedef struct FaissParameterSpace_H FaissParameterSpace;
typedef int FaissMetricType;
enum { OK = 0, UNKNOWN_EXCEPT = -1, FAISS_EXCEPT = -2, STD_EXCEPT = -4 };
#endif

#include <algorithm>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>

extern "C" const char* faiss_get_version();

namespace {

thread_local std::string last_error;

// No C++ exception may pass into the caller; what it said stays readable on the same thread.
template <typename Work>
int guarded(Work work) {
    try {
        work();
        return OK;
    } catch (const faiss::FaissException& e) {
        last_error = e.what();
        return FAISS_EXCEPT;
    } catch (const std::exception& e) {
        last_error = e.what();
        return STD_EXCEPT;
    } catch (...) {
        last_error = "an exception of an unknown type";
        return UNKNOWN_EXCEPT;
    }
}

faiss::Index* of(FaissIndex* index) { return reinterpret_cast<faiss::Index*>(index); }
const faiss::Index* of(const FaissIndex* index) { return reinterpret_cast<const faiss::Index*>(index); }

// The C API types an IVF index as an index, so the pointer is one of the base class.
const faiss::IndexIVF* ivf(const FaissIndexIVF* index) {
    return static_cast<const faiss::IndexIVF*>(reinterpret_cast<const faiss::Index*>(index));
}

}  // namespace

extern "C" {

const char* faiss_get_last_error() { return last_error.empty() ? nullptr : last_error.c_str(); }

#define RECSYS_TEXT(x) #x
#define RECSYS_VERSION(a, b, c) RECSYS_TEXT(a) "." RECSYS_TEXT(b) "." RECSYS_TEXT(c)
const char* faiss_get_version() { return RECSYS_VERSION(FAISS_VERSION_MAJOR, FAISS_VERSION_MINOR, FAISS_VERSION_PATCH); }

int faiss_index_factory(FaissIndex** out, int d, const char* description, FaissMetricType metric) {
    return guarded([&] {
        *out = reinterpret_cast<FaissIndex*>(faiss::index_factory(d, description, static_cast<faiss::MetricType>(metric)));
    });
}

int faiss_Index_d(const FaissIndex* index) { return static_cast<int>(of(index)->d); }
int faiss_Index_is_trained(const FaissIndex* index) { return of(index)->is_trained ? 1 : 0; }
int64_t faiss_Index_ntotal(const FaissIndex* index) { return of(index)->ntotal; }
FaissMetricType faiss_Index_metric_type(const FaissIndex* index) { return static_cast<FaissMetricType>(of(index)->metric_type); }
void faiss_Index_free(FaissIndex* index) { delete of(index); }

int faiss_Index_train(FaissIndex* index, int64_t n, const float* x) {
    return guarded([&] { of(index)->train(n, x); });
}

int faiss_Index_add(FaissIndex* index, int64_t n, const float* x) {
    return guarded([&] { of(index)->add(n, x); });
}

int faiss_Index_add_with_ids(FaissIndex* index, int64_t n, const float* x, const int64_t* ids) {
    return guarded([&] { of(index)->add_with_ids(n, x, ids); });
}

int faiss_Index_search(const FaissIndex* index, int64_t n, const float* x, int64_t k, float* distances, int64_t* labels) {
    return guarded([&] { of(index)->search(n, x, k, distances, labels); });
}

int faiss_write_index_fname(const FaissIndex* index, const char* file) {
    return guarded([&] { faiss::write_index(of(index), file); });
}

int faiss_read_index_fname(const char* file, int flags, FaissIndex** out) {
    return guarded([&] { *out = reinterpret_cast<FaissIndex*>(faiss::read_index(file, flags)); });
}

int faiss_ParameterSpace_new(FaissParameterSpace** out) {
    return guarded([&] { *out = reinterpret_cast<FaissParameterSpace*>(new faiss::ParameterSpace()); });
}

void faiss_ParameterSpace_free(FaissParameterSpace* space) { delete reinterpret_cast<faiss::ParameterSpace*>(space); }

int faiss_ParameterSpace_set_index_parameter(const FaissParameterSpace* space, FaissIndex* index, const char* name, double value) {
    return guarded([&] { reinterpret_cast<const faiss::ParameterSpace*>(space)->set_index_parameter(of(index), name, value); });
}

FaissIndexIVF* faiss_IndexIVF_cast(FaissIndex* index) {
    return dynamic_cast<faiss::IndexIVF*>(of(index)) ? reinterpret_cast<FaissIndexIVF*>(index) : nullptr;
}

FaissIndex* faiss_IndexIVF_quantizer(const FaissIndexIVF* index) { return reinterpret_cast<FaissIndex*>(ivf(index)->quantizer); }
size_t faiss_IndexIVF_nprobe(const FaissIndexIVF* index) { return ivf(index)->nprobe; }
size_t faiss_IndexIVF_nlist(const FaissIndexIVF* index) { return ivf(index)->nlist; }
size_t faiss_IndexIVF_get_list_size(const FaissIndexIVF* index, size_t list) { return ivf(index)->get_list_size(list); }

void faiss_IndexIVF_invlists_get_ids(const FaissIndexIVF* index, size_t list, int64_t* out) {
    const faiss::InvertedLists* lists = ivf(index)->invlists;
    faiss::InvertedLists::ScopedIds ids(lists, list);
    std::copy(ids.get(), ids.get() + lists->list_size(list), out);
}

// Searches among some rows, for comparison. The bitmap has to stay where it is as long as the selector lives, and the selector as long as
// the parameters. Their types are not in the C headers of every version, so they are plain pointers here.

int faiss_IDSelectorBitmap_new(void** out, size_t n, const uint8_t* bitmap) {
    return guarded([&] {
        *out = static_cast<faiss::IDSelector*>(new faiss::IDSelectorBitmap(n, bitmap));
    });
}

void faiss_IDSelectorBitmap_free(void* selector) { delete static_cast<faiss::IDSelector*>(selector); }

int faiss_SearchParametersIVF_new_with(void** out, void* selector, size_t nprobe, size_t max_codes) {
    return guarded([&] {
        auto parameters = std::make_unique<faiss::SearchParametersIVF>();
        parameters->sel = static_cast<faiss::IDSelector*>(selector);
        parameters->nprobe = nprobe;
        parameters->max_codes = max_codes;
        *out = static_cast<faiss::SearchParameters*>(parameters.release());
    });
}

void faiss_SearchParametersIVF_free(void* parameters) { delete static_cast<faiss::SearchParameters*>(parameters); }

int faiss_Index_search_with_params(
    const FaissIndex* index, int64_t n, const float* x, const void* parameters, int64_t k, float* distances, int64_t* labels) {
    return guarded([&] {
        of(index)->search(n, x, k, distances, labels, static_cast<const faiss::SearchParameters*>(parameters));
    });
}

// Two that the official library does not have. With them a program reads vectors where the index holds them instead of holding a second copy.

size_t faiss_IndexIVF_code_size(const FaissIndexIVF* index) { return ivf(index)->code_size; }

// Null where the lists do not lie in memory of their own. Good as long as the index lives and nothing is added.
const uint8_t* faiss_IndexIVF_invlists_get_codes(const FaissIndexIVF* index, size_t list) {
    const auto* lists = dynamic_cast<const faiss::ArrayInvertedLists*>(ivf(index)->invlists);
    return lists == nullptr || list >= lists->nlist ? nullptr : lists->codes[list].data();
}

}  // extern "C"
