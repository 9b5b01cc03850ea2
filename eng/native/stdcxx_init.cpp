// libstdc++ before GCC 13 lacks the one symbol that TorchSharp's library takes from GLIBCXX_3.4.32.
#include <ios>

extern "C" __attribute__((visibility("default"))) void _ZSt21ios_base_library_initv() {
    static std::ios_base::Init init;
}
