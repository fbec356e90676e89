package io.bpfagent.find;

import io.bpfagent.hotspot.CheapSite;
import io.bpfagent.hotspot.ElfFile;
import java.io.IOException;
import java.util.List;

/** Looks up a place in one library. */
abstract class SiteFinder {
    private final Library library;
    private final ProbeSpec spec;

    SiteFinder(Library library, ProbeSpec spec) {
        this.library = library;
        this.spec = spec;
    }

    final Library library() {
        return library;
    }

    /**
     * All sites of that name.
     *
     * @param greatestArgument that will be read there, 0 for none
     */
    final List<FoundSite> find(String name, int greatestArgument) throws ProbeException {
        try (ElfFile file = library.open()) {
            return find(file, name, greatestArgument);
        } catch (IOException | RuntimeException e) {
            throw library.unreadable(e); // a damaged file may lead anywhere
        }
    }

    abstract List<FoundSite> find(ElfFile file, String name, int greatestArgument) throws IOException, ProbeException;

    /** Where to attach for what begins at the offset. */
    final long attachable(ElfFile file, String name, long offset) throws IOException, ProbeException {
        long cheap = CheapSite.of(file, offset, true);
        if (cheap < 0 && !spec.slowSite()) {
            throw new ProbeException("Cannot probe at low cost", " (" + name + " in " + library.name()
                    + " begins with an instruction that " + CheapSite.SLOW
                    + "). Add slow-site=yes to have it all the same.");
        }
        return cheap < 0 ? offset : cheap;
    }
}
