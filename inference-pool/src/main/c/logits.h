/*
 * What sampling needs of a row of logits, in Java too: PortableLogitPasses. Both give the same bits. Calls are short,
 * take no threads and may be given arrays of the Java heap.
 */

enum { LOGIT_COLUMNS = 256, LOGIT_ROWS = 16, LOGIT_TILE = LOGIT_COLUMNS * LOGIT_ROWS, WEIGHT_ROW = 256 };

static int has_nan(const float *x, int count) {
    int found = 0;
    for (int i = 0; i < count; i++) {
        found |= x[i] != x[i];
    }
    return found;
}

/*
 * maxima[tile][column] = the largest of the tile's elements in that column, -infinity where there are none. A tile is
 * 16 rows of 256. tile_maxima[tile] = the largest of them, NaN if there is one among the elements.
 */
PL_EXPORT int FN(logit_maxima)(const float *x, int count, float *maxima, float *tile_maxima) {
    for (int from = 0; from < count; from += LOGIT_TILE, maxima += LOGIT_COLUMNS, tile_maxima++) {
        int end = pl_min(from + LOGIT_TILE, count), whole = from + (end - from) / LOGIT_COLUMNS * LOGIT_COLUMNS;
        v16 zero = v16_zero(), strange = zero;
        for (int column = 0; column < LOGIT_COLUMNS; column += 16) {
            v16 best = v16_set1(-__builtin_inff());
            for (int i = from + column; i < whole; i += LOGIT_COLUMNS) {
                v16 value = v16_load(x + i);
                strange = v16_fma(value, zero, strange);
                best = v16_max(value, best);
            }
            v16_store(maxima + column, best);
        }
        for (int i = whole; i < end; i++) {
            float *best = maxima + (i - whole);
            *best = x[i] > *best ? x[i] : *best;
        }
        float sum = v16_sum(strange); /* NaN after a NaN or an infinity */
        if ((sum != sum || whole < end) && has_nan(x + from, end - from)) {
            *tile_maxima = __builtin_nanf("");
        } else {
            *tile_maxima = largest(maxima, LOGIT_COLUMNS);
        }
    }
    return PL_OK;
}

/* e^x for -708 <= x <= 0. */
PL_INLINE double weight_of(double x) {
    double rounder = x * 0x1.71547652b82fep+0 + 0x1.8p52, n = rounder - 0x1.8p52;
    double r = __builtin_fma(n, -0x1.ef35793c76730p-45, __builtin_fma(n, -0x1.62e42fefa3800p-1, x));
    double p = __builtin_fma(1 / 479001600.0, r, 1 / 39916800.0);
    p = __builtin_fma(p, r, 1 / 3628800.0);
    p = __builtin_fma(p, r, 1 / 362880.0);
    p = __builtin_fma(p, r, 1 / 40320.0);
    p = __builtin_fma(p, r, 1 / 5040.0);
    p = __builtin_fma(p, r, 1 / 720.0);
    p = __builtin_fma(p, r, 1 / 120.0);
    p = __builtin_fma(p, r, 1 / 24.0);
    p = __builtin_fma(p, r, 1 / 6.0);
    p = __builtin_fma(p, r, 0.5);
    p = __builtin_fma(p, r, 1);
    p = __builtin_fma(p, r, 1);
    int64_t bits, exponent;
    memcpy(&bits, &p, sizeof bits);
    memcpy(&exponent, &rounder, sizeof exponent);
    bits += (int64_t)((uint64_t)exponent << 52);
    memcpy(&p, &bits, sizeof p);
    return p;
}

static double sum_of_weights(const float *x, int count, double largest, double scale, double lowest) {
    double w[WEIGHT_ROW];
    for (int i = 0; i < count; i++) { /* on its own: else the compiler makes a branch of the bound */
        double distance = ((double)x[i] - largest) * scale;
        w[i] = distance > -708 ? distance : -708;
    }
    for (int i = count; i < WEIGHT_ROW; i++) {
        w[i] = -708;
    }
    for (int i = 0; i < WEIGHT_ROW; i++) {
        w[i] = weight_of(w[i]) - lowest;
    }
    for (int half = WEIGHT_ROW / 2; half > 8; half /= 2) {
        for (int i = 0; i < half; i += 16) {
            for (int j = i; j < i + 16; j++) {
                w[j] += w[j + half];
            }
        }
    }
    for (int i = 0; i < 8; i++) {
        w[i] += w[i + 8];
    }
    return ((w[0] + w[4]) + (w[2] + w[6])) + ((w[1] + w[5]) + (w[3] + w[7]));
}

/*
 * sums[row] = sum of e^((x - largest)·scale) over 256 elements, added as a tree.
 * scaling: largest, scale.
 */
PL_EXPORT int FN(weight_sums)(const float *x, int count, const double *scaling, double *sums) {
    double largest = scaling[0], scale = scaling[1], lowest = weight_of(-708);
    for (int from = 0; from < count; from += WEIGHT_ROW) {
        *sums++ = sum_of_weights(x + from, pl_min(WEIGHT_ROW, count - from), largest, scale, lowest);
    }
    return PL_OK;
}
