package io.plumbline.finetune.runner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastWordsTest {
    @Test
    void pathsFramesAndSecretsStayHere() {
        String log = """
                WARNING: Using incubator modules: jdk.incubator.vector
                loading /srv/plumbline/models/base.gguf
                connecting with password=hunter2
                java.io.IOException: No space left on device: /srv/data/jobs/ftjob-1/output/step-20
                \tat java.base/java.io.FileOutputStream.write(Native Method)
                \t... 7 more
                """;
        assertThat(LastWords.of(log)).containsExactly("loading …", "java.io.IOException: No space left on device: …");
    }

    @Test
    void onlyTheLastThreeLinesAreKept() {
        assertThat(LastWords.of("a\nb\nc\nd\n")).containsExactly("b", "c", "d");
    }

    @Test
    void ratiosAreNoPaths() {
        assertThat(LastWords.of("1/2 done at 3.5 tokens/s")).containsExactly("1/2 done at 3.5 tokens/s");
    }
}
