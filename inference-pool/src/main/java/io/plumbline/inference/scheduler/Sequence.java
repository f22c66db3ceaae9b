package io.plumbline.inference.scheduler;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.kvcache.CacheNamespace;
import io.plumbline.inference.kvcache.SequenceBlocks;
import io.plumbline.inference.pool.Priority;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that belong together: {@code known} of them are there (the prompt and what was generated), {@code computed} of
 * them have their keys and values in the cache.
 */
public final class Sequence {
    private final long id;
    private final CacheNamespace namespace;
    private final int mostTokens;
    private final Priority priority;
    private int[] tokens;
    private int known;
    private int computed;
    /** Tokens behind the known ones that are guessed. */
    private int guessed;

    private final PromptLookup lookup = new PromptLookup();
    private final DraftLength draftLength = new DraftLength();
    /** How many tokens the tenant has been charged for. */
    private int charged;

    private int cachedTokens;
    private @Nullable SequenceBlocks blocks;

    /**
     * A sequence that waits to be computed.
     *
     * @param id unique within an engine
     * @param namespace tenant and adapter
     * @param prompt at least one token
     * @param mostTokens tokens that it can come to have, prompt and answer together
     * @param priority its class
     */
    public Sequence(long id, CacheNamespace namespace, int[] prompt, int mostTokens, Priority priority) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("a sequence needs at least one token");
        }
        this.id = id;
        this.namespace = namespace;
        this.mostTokens = mostTokens;
        this.priority = priority;
        this.tokens = Arrays.copyOf(prompt, prompt.length + 64);
        this.known = prompt.length;
    }

    public long id() {
        return id;
    }

    public TenantId tenant() {
        return namespace.tenant();
    }

    public CacheNamespace namespace() {
        return namespace;
    }

    Priority priority() {
        return priority;
    }

    /** Tokens that it can come to have. */
    int mostTokens() {
        return mostTokens;
    }

    /** Tokens that are there. */
    public int known() {
        return known;
    }

    /** Tokens whose keys and values are in the cache. */
    public int computed() {
        return computed;
    }

    /** Tokens still to be computed. */
    public int missing() {
        return known - computed;
    }

    /** Tokens of the prompt that were taken from the prefix cache when this sequence was first admitted. */
    public int cachedTokens() {
        return cachedTokens;
    }

    /** A known token, or behind them a guessed one. */
    public int token(int position) {
        return tokens[position];
    }

    /** All known tokens. */
    public int[] tokens() {
        return Arrays.copyOf(tokens, known);
    }

    /**
     * The model has said what comes next. If that was guessed right, the token has been computed as well, and the logits
     * behind it are there.
     */
    public void append(int token) {
        if (guessed > 0 && tokens[known] == token) {
            guessed--;
            computed++;
        } else {
            guessed = 0;
        }
        room(1);
        tokens[known++] = token;
    }

    /**
     * The guesses of a step were put to the test.
     *
     * @param guesses at least 1
     * @param right how many of them, from the first, were drawn indeed
     */
    public void tested(int guesses, int right) {
        draftLength.tested(guesses, right, known);
    }

    /** Block numbers of the positions, as {@code PagedBatch} wants them. */
    public int[] blockTable() {
        return held().table();
    }

    /** The known tokens and room behind them; not to be changed. */
    int[] tokenArray() {
        return tokens;
    }

    SequenceBlocks held() {
        if (blocks == null) {
            throw new IllegalStateException("sequence %d is not running".formatted(id));
        }
        return blocks;
    }

    /** Takes blocks; returns how many tokens the tenant has to be charged for. */
    int admit(SequenceBlocks taken) {
        blocks = taken;
        computed = taken.cachedTokens();
        boolean first = charged == 0;
        if (first) {
            cachedTokens = computed;
        }
        int due = first ? known - computed : 0;
        charged = Math.max(charged, known);
        return due;
    }

    /** Loses its blocks; everything has to be computed again. */
    void release() {
        blocks = null;
        computed = 0;
        guessed = 0;
    }

    /**
     * Whether another sequence is about to compute full blocks that this one begins with too. They can be taken over
     * when they are there.
     */
    boolean awaitsPrefixOf(Sequence other, int blockSize) {
        if (!namespace.equals(other.namespace)) {
            return false;
        }
        int most = Math.min(known - 1, other.known); // the last token has to be computed for its logits
        int mismatch = Arrays.mismatch(tokens, 0, most, other.tokens, 0, most);
        int common = mismatch < 0 ? most : mismatch;
        return other.computed < common / blockSize * blockSize;
    }

    /** Guesses up to {@code most} tokens that may come next; returns how many. */
    int guess(int most) {
        int wanted = Math.min(most, draftLength.at(known));
        if (wanted > 0) {
            room(wanted);
            guessed = lookup.guess(tokens, known, wanted);
        }
        return guessed;
    }

    /** The guesses are not computed after all. */
    void dropGuesses() {
        guessed = 0;
    }

    private void room(int more) {
        if (known + more > tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(2 * known, known + more));
        }
    }

    /** Tokens have been computed; returns how many of them the tenant has not been charged for yet. */
    int advance(int count) {
        computed += count;
        int due = Math.max(0, computed - charged);
        charged += due;
        return due;
    }
}
