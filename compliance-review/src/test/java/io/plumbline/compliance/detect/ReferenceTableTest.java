package io.plumbline.compliance.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class ReferenceTableTest {
    private static ReferenceTable read(String csv) throws IOException {
        return ReferenceTable.read("test.csv", new BufferedReader(new StringReader(csv)));
    }

    @Test
    void everyRowKeepsWhereItComesFrom() throws IOException {
        ReferenceTable table = read("key,value,owner,version,source\n11,\"A, B\",privacy,1,SYNTHETIC\n");
        assertThat(table.rows()).containsEntry("11", new ReferenceTable.Row("A, B", "privacy", "1", "SYNTHETIC"));
    }

    @Test
    void rowsWithoutASourceAreRefusedLineByLine() {
        assertThatThrownBy(
                        () -> read("key,value,owner,version,source\n11,A,privacy,1,\n12,B\n13,C,o,1,s\n13,D,o,1,s\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("test.csv line 2: column 'source' is empty")
                .hasMessageContaining("test.csv line 3: 2 columns")
                .hasMessageContaining("test.csv line 5: key '13' stands twice");
    }

    @Test
    void anEmptyTableIsLegal() throws IOException {
        assertThat(read("key,value,owner,version,source\n").rows()).isEmpty();
    }
}
