package io.plumbline.ascend.acl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolkitSearchTest {
    @TempDir
    Path folder;

    private Path lib;

    @BeforeEach
    void emptyToolkit() throws IOException {
        lib = Files.createDirectories(folder.resolve("lib64"));
    }

    private ToolkitFiles found(String variable) {
        return ToolkitSearch.of(Map.of(variable, folder.toString())).find().orElseThrow();
    }

    private void touch(String... names) throws IOException {
        for (String name : names) {
            Files.createFile(lib.resolve(name));
        }
    }

    @Test
    void findsTheClassicLayoutByEitherVariable() throws IOException {
        touch("libascendcl.so", "libnnopbase.so", "libopapi.so");
        for (String variable : ToolkitSearch.VARIABLES) {
            ToolkitFiles files = found(variable);
            assertThat(files.runtime()).isEqualTo(lib.resolve("libascendcl.so"));
            assertThat(files.meta()).isEqualTo(lib.resolve("libnnopbase.so"));
            assertThat(files.operators()).containsExactly(lib.resolve("libopapi.so"));
            assertThat(files.missing()).isEmpty();
        }
    }

    @Test
    void theSplitLayoutComesFirstAndIsNotMixedWithTheOldOne() throws IOException {
        touch("libascendcl.so", "libacl_rt.so", "libnnopbase.so", "libopapi.so", "libopapi_nn.so", "libopapi_math.so");
        ToolkitFiles files = found("ASCEND_HOME_PATH");
        assertThat(files.runtime()).isEqualTo(lib.resolve("libacl_rt.so"));
        assertThat(files.operators()).containsExactly(lib.resolve("libopapi_math.so"), lib.resolve("libopapi_nn.so"));
    }

    @Test
    void tellsWhatIsMissingBesideTheRuntime() throws IOException {
        touch("libascendcl.so");
        assertThat(found("ASCEND_TOOLKIT_HOME").missing()).hasSize(2).first().isEqualTo("libnnopbase.so");
    }

    @Test
    void aConfiguredFolderIsTheOnlyOne() throws IOException {
        touch("libascendcl.so");
        ToolkitSearch search = ToolkitSearch.of(
                Map.of("PLUMBLINE_ASCEND_HOME", folder.resolve("empty").toString(), "LD_LIBRARY_PATH", lib.toString()));
        assertThat(search.find()).isEmpty();
        assertThat(search.folders()).containsExactly(folder.resolve("empty/lib64"));
    }

    @Test
    void looksInTheLibraryPathAndInTheDefaultPlaces() throws IOException {
        touch("libascendcl.so");
        ToolkitSearch search = ToolkitSearch.of(Map.of("LD_LIBRARY_PATH", ":/nowhere:" + lib));
        assertThat(search.find()).isPresent();
        assertThat(search.folders())
                .contains(Path.of("/usr/local/Ascend/cann/lib64"), Path.of("/usr/local/Ascend/latest/lib64"), lib);
    }
}
