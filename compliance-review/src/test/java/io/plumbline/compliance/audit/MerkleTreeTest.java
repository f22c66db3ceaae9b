package io.plumbline.compliance.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    private static final int MOST = 70;

    /** Leaves of the test vectors of Certificate Transparency (merkletree of the reference log). */
    private static final List<byte[]> VECTOR_LEAVES = List.of(
            bytes(""),
            bytes("00"),
            bytes("10"),
            bytes("2021"),
            bytes("3031"),
            bytes("40414243"),
            bytes("5051525354555657"),
            bytes("606162636465666768696a6b6c6d6e6f"));

    private static final List<String> VECTOR_ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    /** Keeps every perfect subtree, and counts what is read. */
    private static final class Store implements NodeSource {
        final Map<NodeId, MerkleHash> nodes = new HashMap<>();
        final TreeFrontier frontier = TreeFrontier.empty();
        int reads;
        int rows;

        Store(List<byte[]> leaves) {
            leaves.forEach(this::append);
        }

        void append(byte[] leaf) {
            MerkleHash hash = MerkleHash.leaf(leaf);
            nodes.put(new NodeId(0, frontier.size()), hash);
            frontier.append(hash).forEach(subtree -> nodes.put(subtree.node(), subtree.hash()));
        }

        MerkleHash hash(NodeId node) {
            return Objects.requireNonNull(nodes.get(node));
        }

        @Override
        public Map<NodeId, MerkleHash> read(Set<NodeId> wanted) {
            reads++;
            rows += wanted.size();
            Map<NodeId, MerkleHash> found = new HashMap<>(nodes);
            found.keySet().retainAll(wanted);
            return found;
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static List<byte[]> leaves(int n) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            leaves.add(ByteBuffer.allocate(Integer.BYTES).putInt(i).array());
        }
        return leaves;
    }

    @Test
    void rootsAreThoseOfTheReferenceVectors() {
        assertThat(MerkleHash.EMPTY_TREE.hex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (int n = 1; n <= VECTOR_LEAVES.size(); n++) {
            List<byte[]> leaves = VECTOR_LEAVES.subList(0, n);
            String expected = VECTOR_ROOTS.get(n - 1);
            assertThat(ReferenceTree.root(leaves).hex()).isEqualTo(expected);
            Store store = new Store(leaves);
            assertThat(store.frontier.root().hex()).isEqualTo(expected);
            assertThat(new MerkleTree(store).root(n).hex()).isEqualTo(expected);
        }
    }

    @Test
    void proofsAreThoseOfTheReferenceVectors() {
        MerkleTree tree = new MerkleTree(new Store(VECTOR_LEAVES));
        assertThat(tree.inclusion(0, 1).path()).isEmpty();
        assertThat(hex(tree.inclusion(0, 8).path()))
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(hex(tree.inclusion(5, 8).path()))
                .containsExactly(
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(tree.consistency(1, 1).path()).isEmpty();
        assertThat(hex(tree.consistency(6, 8).path()))
                .containsExactly(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(hex(tree.consistency(2, 5).path()))
                .containsExactly(
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    }

    private static List<String> hex(List<MerkleHash> hashes) {
        return hashes.stream().map(MerkleHash::hex).toList();
    }

    @Test
    void everyProofEqualsTheReferenceAndVerifies() {
        List<byte[]> all = leaves(MOST);
        MerkleTree tree = new MerkleTree(new Store(all));
        for (int n = 1; n <= MOST; n++) {
            List<byte[]> leaves = all.subList(0, n);
            MerkleHash root = ReferenceTree.root(leaves);
            assertThat(tree.root(n)).isEqualTo(root);
            for (int m = 0; m < n; m++) {
                InclusionProof inclusion = tree.inclusion(m, n);
                assertThat(inclusion.path()).isEqualTo(ReferenceTree.path(m, leaves));
                assertThat(inclusion.proves(MerkleHash.leaf(leaves.get(m)), root))
                        .isTrue();
                ConsistencyProof consistency = tree.consistency(m + 1, n);
                assertThat(consistency.path()).isEqualTo(ReferenceTree.proof(m + 1, leaves));
                assertThat(consistency.proves(tree.root(m + 1), root)).isTrue();
            }
        }
    }

    /** Whatever is changed in a proof, or around it, it proves nothing any more. */
    @Test
    void aChangedProofProvesNothing() {
        List<byte[]> all = leaves(20);
        MerkleTree tree = new MerkleTree(new Store(all));
        MerkleHash wrong = MerkleHash.leaf(new byte[] {1, 2, 3});
        for (int n = 1; n <= all.size(); n++) {
            MerkleHash root = tree.root(n);
            for (int m = 0; m < n; m++) {
                MerkleHash leaf = MerkleHash.leaf(all.get(m));
                InclusionProof good = tree.inclusion(m, n);
                assertThat(good.proves(wrong, root)).isFalse();
                assertThat(good.proves(leaf, wrong)).isFalse();
                for (int other = -1; other <= n; other++) {
                    if (other != m) {
                        assertThat(new InclusionProof(other, n, good.path()).proves(leaf, root))
                                .isFalse();
                    }
                }
                for (List<MerkleHash> path : changes(good.path(), wrong)) {
                    assertThat(new InclusionProof(m, n, path).proves(leaf, root))
                            .isFalse();
                }
                ConsistencyProof consistent = tree.consistency(m + 1, n);
                assertThat(consistent.proves(wrong, root)).isFalse();
                assertThat(consistent.proves(tree.root(m + 1), wrong)).isFalse();
                for (List<MerkleHash> path : changes(consistent.path(), wrong)) {
                    assertThat(new ConsistencyProof(m + 1, n, path).proves(tree.root(m + 1), root))
                            .isFalse();
                }
            }
        }
        assertThat(new ConsistencyProof(0, 5, List.of()).proves(MerkleHash.EMPTY_TREE, tree.root(5)))
                .isFalse();
        assertThat(new ConsistencyProof(6, 5, List.of()).proves(tree.root(6), tree.root(5)))
                .isFalse();
    }

    /** One hash replaced, one missing, one too many. */
    private static List<List<MerkleHash>> changes(List<MerkleHash> path, MerkleHash wrong) {
        List<List<MerkleHash>> changed = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            List<MerkleHash> replaced = new ArrayList<>(path);
            replaced.set(i, wrong);
            changed.add(replaced);
            List<MerkleHash> shorter = new ArrayList<>(path);
            shorter.remove(i);
            changed.add(shorter);
        }
        List<MerkleHash> longer = new ArrayList<>(path);
        longer.add(wrong);
        changed.add(longer);
        return changed;
    }

    @Test
    void aProofReadsFewRowsInOneLook() {
        int n = 10_000;
        Store store = new Store(leaves(n));
        MerkleTree tree = new MerkleTree(store);
        MerkleHash root = tree.root(n);
        for (int m = 0; m < n; m += 97) {
            store.reads = 0;
            store.rows = 0;
            assertThat(tree.inclusion(m, n).proves(store.hash(new NodeId(0, m)), root))
                    .isTrue();
            assertThat(store.reads).isEqualTo(1);
            assertThat(store.rows).isLessThanOrEqualTo(28);
        }
    }

    @Test
    void aFrontierGoesOnFromAnySize() {
        Store store = new Store(leaves(MOST));
        for (int begin = 0; begin <= MOST; begin++) {
            List<MerkleHash> edge =
                    NodeId.covering(0, begin).stream().map(store::hash).toList();
            TreeFrontier frontier = TreeFrontier.at(begin, edge);
            int middle = (begin + MOST) / 2;
            for (int i = begin; i < middle; i++) {
                frontier.append(store.hash(new NodeId(0, i)));
            }
            frontier.skip(
                    MOST,
                    NodeId.covering(middle, MOST).stream().map(store::hash).toList());
            assertThat(frontier.root()).isEqualTo(store.frontier.root());
        }
    }

    @Test
    void everyPerfectSubtreeIsCompletedOnce() {
        TreeFrontier frontier = TreeFrontier.empty();
        Set<NodeId> completed = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            frontier.append(MerkleHash.leaf(new byte[] {(byte) i}))
                    .forEach(
                            subtree -> assertThat(completed.add(subtree.node())).isTrue());
        }
        assertThat(completed).hasSize(63);
    }

    @Test
    void whatCannotBeIsRefused() {
        MerkleTree tree = new MerkleTree(nodes -> Map.of());
        assertThatThrownBy(() -> tree.inclusion(5, 5)).hasMessageContaining("entry 5 is not in a tree of 5");
        assertThatThrownBy(() -> tree.consistency(0, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.inclusion(1, 5))
                .isInstanceOf(MerkleTree.MissingNode.class)
                .hasMessageContaining("is missing from the stored tree");
        assertThatThrownBy(() -> TreeFrontier.at(5, List.of())).hasMessageContaining("2 subtrees, and 0 hashes");
    }
}
