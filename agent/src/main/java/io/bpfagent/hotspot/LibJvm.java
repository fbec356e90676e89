package io.bpfagent.hotspot;

import io.bpfagent.hotspot.MemoryReader.UnreadableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The libjvm.so of a HotSpot that this process runs.
 *
 * @param path        the file as it was when it was mapped; may have been replaced or deleted since
 * @param file        a path under which exactly the mapped file can be opened (for attaching USDT), or
 *                    empty
 * @param base        where it is mapped
 * @param tlsBytes    size of its thread-local segment
 * @param usdtSites   where HotSpot's probes stand; empty where the vendor built none or the file cannot be
 *                    read
 * @param waitBarrier address of SafepointSynchronize's WaitBarrier, 0 when the file has no full symbol
 *                    table; its futex word lies within the first 16 bytes (at +4 on 17 and 25)
 */
public record LibJvm(
        String path, Optional<String> file, long base, long tlsBytes, List<UsdtSite> usdtSites, long waitBarrier) {
    /** In every build of HotSpot, exported for the serviceability agent. */
    static final String VM_STRUCTS = "gHotSpotVMStructs";

    private static final String WAIT_BARRIER = "_ZN20SafepointSynchronize13_wait_barrierE";
    /** Holds the ELF header, the program headers and the build id. */
    private static final int IDENTITY_BYTES = 1024;

    public LibJvm {
        usdtSites = List.copyOf(usdtSites);
    }

    /** All sites of a probe; empty when this JVM was built without it. */
    public List<UsdtSite> sites(HotSpotProbe probe) {
        List<UsdtSite> sites = new ArrayList<>(4);
        for (UsdtSite site : usdtSites) {
            if (site.probe() == probe) {
                sites.add(site);
            }
        }
        return sites;
    }

    /** The one of this process. */
    static Finding<LibJvm> find(OwnMemory memory) {
        try {
            List<Mapping> libraries = Mapping.ofLibrary("libjvm.so");
            for (Mapping library : libraries) {
                try {
                    MappedElf mapped = new MappedElf(memory, library.begin());
                    if (mapped.symbol(VM_STRUCTS) != null) {
                        return Finding.found(read(memory, library, mapped));
                    }
                } catch (UnreadableException e) {
                    return Finding.missing("process_vm_readv of the own process does not work: " + e.getMessage());
                }
            }
            return Finding.missing(libraries.isEmpty()
                    ? "no libjvm.so is mapped: " + System.getProperty("java.vm.name")
                    : libraries.get(0).path() + " is not HotSpot's: no symbol " + VM_STRUCTS);
        } catch (IOException | RuntimeException e) {
            return Finding.missing("libjvm.so cannot be looked up: " + e);
        }
    }

    private static LibJvm read(OwnMemory memory, Mapping library, MappedElf mapped) {
        for (String candidate : List.of(library.path(), library.mapFile())) {
            try (ElfFile file = new ElfFile(candidate)) {
                MemoryReader reader = new MemoryReader(memory);
                if (!file.head(IDENTITY_BYTES).equals(reader.bytes(library.begin(), IDENTITY_BYTES))) {
                    continue;
                }
                long barrierVariable = file.symbol(WAIT_BARRIER);
                long barrier = barrierVariable <= 0 ? 0 : reader.word(mapped.addressOf(barrierVariable));
                return new LibJvm(library.path(), Optional.of(candidate), library.begin(),
                        mapped.tlsBytes(), file.usdtSites(), barrier);
            } catch (IOException | UnreadableException | RuntimeException e) {
                // not this one; the other may do, and what is mapped is enough for the rest
                continue;
            }
        }
        return new LibJvm(library.path(), Optional.empty(), library.begin(), mapped.tlsBytes(), List.of(), 0);
    }
}
