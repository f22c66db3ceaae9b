package io.plumbline.ascend.acl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CannVersionTest {
    @ParameterizedTest
    @CsvSource({"8.3.RC1,8,3", "9.2.0-beta.1,9,2", "v8.5.0.alpha001,8,5", "8.0,8,0"})
    void readsWhatToolkitsTell(String text, int major, int minor) {
        assertThat(CannVersion.of(text)).contains(new CannVersion(major, minor, text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "8", "RC1.8.3", "99999999999.1"})
    void whatIsNoVersionIsNone(String text) {
        assertThat(CannVersion.of(text)).isEmpty();
    }

    @Test
    void majorAndMinorDecideWhatIsOlder() {
        CannVersion version = new CannVersion(8, 3, "");
        assertThat(version.isOlderThan(new CannVersion(8, 3, ""))).isFalse();
        assertThat(version.isOlderThan(new CannVersion(8, 5, ""))).isTrue();
        assertThat(version.isOlderThan(new CannVersion(9, 0, ""))).isTrue();
        assertThat(version.isOlderThan(new CannVersion(7, 9, ""))).isFalse();
    }
}
