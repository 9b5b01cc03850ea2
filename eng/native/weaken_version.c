// usage: weaken_version <shared object> <version>
// Marks one version requirement of a 64-bit ELF file as weak (VER_FLG_WEAK), so that the loader warns instead of refusing.
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *message) {
    fprintf(stderr, "weaken_version: %s\n", message);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 3) return fail("usage: weaken_version <shared object> <version>");
    FILE *file = fopen(argv[1], "r+b");
    if (!file) return fail("cannot open the file for writing");
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    unsigned char *image = malloc((size_t)size);
    rewind(file);
    if (!image || fread(image, 1, (size_t)size, file) != (size_t)size) return fail("cannot read the file");

    Elf64_Ehdr *header = (Elf64_Ehdr *)image;
    if (size < (long)sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64)
        return fail("not a 64-bit ELF file");
    Elf64_Shdr *sections = (Elf64_Shdr *)(image + header->e_shoff);
    int changed = 0;
    for (int s = 0; s < header->e_shnum; s++) {
        if (sections[s].sh_type != SHT_GNU_verneed) continue;
        const char *names = (const char *)(image + sections[sections[s].sh_link].sh_offset);
        unsigned char *need_at = image + sections[s].sh_offset;
        for (Elf64_Word n = 0; n < sections[s].sh_info; n++) {
            Elf64_Verneed *need = (Elf64_Verneed *)need_at;
            unsigned char *aux_at = need_at + need->vn_aux;
            for (int a = 0; a < need->vn_cnt; a++) {
                Elf64_Vernaux *aux = (Elf64_Vernaux *)aux_at;
                if (strcmp(names + aux->vna_name, argv[2]) == 0) {
                    aux->vna_flags |= VER_FLG_WEAK;
                    changed++;
                }
                aux_at += aux->vna_next;
            }
            need_at += need->vn_next;
        }
    }
    if (changed == 0) return fail("the file does not require that version");
    rewind(file);
    if (fwrite(image, 1, (size_t)size, file) != (size_t)size || fclose(file) != 0) return fail("cannot write the file");
    return 0;
}
