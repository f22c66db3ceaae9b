/*
 * The two float32 products that everything but integer products is made of, by a block of 256 threads from tiles in
 * shared memory. Who calls says where operands come from and where results go; the order of additions is here and
 * nowhere else.
 */

/*
 * Adds up the sixteen lanes of COUNT (a multiple of 16) sums at once: at each level of the tree a thread hands over
 * the half of the sums that its partner keeps. Lane j ends with the COUNT / 16 sums from j * COUNT / 16 on, in
 * sums[0 …].
 */
template <int COUNT> __device__ __forceinline__ void pl_join_many(float (&sums)[COUNT]) {
    unsigned half = pl_half_warp();
#pragma unroll
    for (int level = 8, kept = COUNT / 2; level > 0; level /= 2, kept /= 2) {
        bool upper = pl_lane() & level;
#pragma unroll
        for (int i = 0; i < COUNT / 2; i++) {
            if (i < kept) {
                float mine = upper ? sums[i + kept] : sums[i], given = upper ? sums[i] : sums[i + kept];
                sums[i] = mine + __shfl_xor_sync(half, given, level);
            }
        }
    }
}

/*
 * Dot products of sixteen lanes: out(m, n) = sum_k x[m][k] * w[n][k]. Half a warp takes TM × TN of them, lane j the
 * columns k = j (mod 16), and the block's sixteen half-warps are HM × HN such tiles. COLUMNS of each row are in shared
 * memory at a time; rows lie so far apart that the two halves of a warp meet different banks.
 */
template <int TM_, int TN_, int HM_, int HN_, int COLUMNS_> struct pl_dots {
    static constexpr int TM = TM_, TN = TN_, HM = HM_, HN = HN_, COLUMNS = COLUMNS_, STRIDE = COLUMNS + PL_LANES;
    static constexpr int M = TM * HM, N = TN * HN, SHARED = (M + N) * STRIDE;

    /*
     * x(m): row m, or NULL. fill(column, target): columns column … column + COLUMNS - 1 of the N rows of w, as
     * pl_unpack. done(m, n, sum) is called once for each sum, also those of absent rows.
     */
    template <class Rows, class Fill, class Done>
    __device__ __forceinline__ static void run(int count, float *shared, Rows x, Fill fill, Done done) {
        float *xs = shared, *ws = shared + M * STRIDE;
        int lane = pl_lane(), half = threadIdx.x / PL_LANES, hm = half / HN, hn = half % HN;
        float sums[TM * TN] = {};
        for (int column = 0; column < count; column += COLUMNS) {
            __syncthreads();
            auto load = [=](int i) {
                int k = column + i % COLUMNS;
                const float *row = x(i / COLUMNS);
                return row != nullptr && k < count ? row[k] : 0.0f;
            };
            pl_stage<M * COLUMNS>(load, [=](int i, float value) { xs[i / COLUMNS * STRIDE + i % COLUMNS] = value; });
            fill(column, ws);
            __syncthreads();
            int here = min(COLUMNS, count - column);
#pragma unroll 2
            for (int k = lane; k < here; k += PL_LANES) {
                float xk[TM], wk[TN];
#pragma unroll
                for (int m = 0; m < TM; m++) {
                    xk[m] = xs[(hm + HM * m) * STRIDE + k];
                }
#pragma unroll
                for (int n = 0; n < TN; n++) {
                    wk[n] = ws[(hn + HN * n) * STRIDE + k];
                }
#pragma unroll
                for (int m = 0; m < TM; m++) {
#pragma unroll
                    for (int n = 0; n < TN; n++) {
                        sums[m * TN + n] = fmaf(xk[m], wk[n], sums[m * TN + n]);
                    }
                }
            }
        }
        finish(sums, hm, hn, done);
    }

    template <class Done>
    __device__ __forceinline__ static void finish(float (&sums)[TM * TN], int hm, int hn, Done done) {
        if constexpr (TM * TN % PL_LANES == 0) {
            constexpr int EACH = TM * TN / PL_LANES;
            pl_join_many(sums);
#pragma unroll
            for (int i = 0; i < EACH; i++) {
                int at = pl_lane() * EACH + i;
                done(hm + HM * (at / TN), hn + HN * (at % TN), sums[i]);
            }
        } else {
#pragma unroll
            for (int i = 0; i < TM * TN; i++) {
                float sum = pl_join(sums[i]);
                if (pl_lane() == 0) {
                    done(hm + HM * (i / TN), hn + HN * (i % TN), sum);
                }
            }
        }
    }
};

/*
 * Sums of outer products, each element by one thread in ascending order of s: sum(i, l) = sum_s p(s, i) * q(s, l). A
 * thread takes TI × TL elements, the block RI × RL such tiles. DEPTH values of s are in shared memory at a time.
 * ALONG_S says how p lies in memory: neighbours have neighbouring s, else neighbouring i.
 */
template <int RI_, int RL_, int TI_, int TL_, bool ALONG_S = true> struct pl_outer {
    static constexpr int RI = RI_, RL = RL_, TI = TI_, TL = TL_, DEPTH = PL_TILE_ROWS, I = RI * TI, L = RL * TL;
    static constexpr int RUN = TL < 4 ? TL : 4; /* neighbouring columns of a thread: one load brings them */
    /* Rows are padded: they may be written down a column. */
    static constexpr int P_STRIDE = I + 4, Q_STRIDE = L + 4, SHARED = DEPTH * (P_STRIDE + Q_STRIDE);

    __device__ __forceinline__ static int row(int i) { return threadIdx.x / RL * TI + i; }
    __device__ __forceinline__ static int column(int l) {
        return l / RUN * (RL * RUN) + threadIdx.x % RL * RUN + l % RUN;
    }

    /* act(element, sum) for every sum whose element there is; target(i, l): where it lies, or NULL. */
    template <class Target, class Act>
    __device__ __forceinline__ static void each(float (&sums)[TI][TL], Target target, Act act) {
#pragma unroll
        for (int i = 0; i < TI; i++) {
#pragma unroll
            for (int l = 0; l < TL; l++) {
                float *at = target(row(i), column(l));
                if (at != nullptr) {
                    act(*at, sums[i][l]);
                }
            }
        }
    }

    /*
     * p(s, i): any number where there is none. fill(s, target): q(s … s + DEPTH - 1, 0 … L - 1), rows Q_STRIDE apart.
     * sums hold what the sum starts with.
     */
    template <class P, class Fill>
    __device__ __forceinline__ static void run(int count, float *shared, float (&sums)[TI][TL], P p, Fill fill) {
        float *ps = shared, *qs = shared + DEPTH * P_STRIDE;
        for (int s = 0; s < count; s += DEPTH) {
            __syncthreads();
            auto depth = [](int i) { return ALONG_S ? i % DEPTH : i / I; };
            auto place = [](int i) { return ALONG_S ? i / DEPTH : i % I; };
            pl_stage<DEPTH * I>([=](int i) { return p(s + depth(i), place(i)); },
                                [=](int i, float value) { ps[depth(i) * P_STRIDE + place(i)] = value; });
            fill(s, qs);
            __syncthreads();
            int here = min(DEPTH, count - s);
#pragma unroll 2
            for (int d = 0; d < here; d++) {
                float pd[TI], qd[TL];
#pragma unroll
                for (int i = 0; i < TI; i++) {
                    pd[i] = ps[d * P_STRIDE + row(i)];
                }
#pragma unroll
                for (int l = 0; l < TL; l++) {
                    qd[l] = qs[d * Q_STRIDE + column(l)];
                }
#pragma unroll
                for (int i = 0; i < TI; i++) {
#pragma unroll
                    for (int l = 0; l < TL; l++) {
                        sums[i][l] = fmaf(pd[i], qd[l], sums[i][l]);
                    }
                }
            }
        }
    }
};
