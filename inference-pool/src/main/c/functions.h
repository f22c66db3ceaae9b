/* Elementary functions and sums, lane by lane the same as CanonicalMath in the reference backend. */

/* e^x; 0 below -87, the value at 88 above 88. NaN stays NaN. */
PL_INLINE v16 exp16(v16 x) {
    v16 clamped = v16_min(v16_set1(88.0f), x);
    v16 n = v16_round(v16_mul(clamped, v16_set1(0x1.715476p+0f)));
    v16 r = v16_fnma(n, v16_set1(0x1.63p-1f), clamped);
    r = v16_fnma(n, v16_set1(-0x1.bd0106p-13f), r);
    v16 p = v16_set1(0x1.a01a02p-13f);
    p = v16_fma(p, r, v16_set1(0x1.6c16c2p-10f));
    p = v16_fma(p, r, v16_set1(0x1.111112p-7f));
    p = v16_fma(p, r, v16_set1(0x1.555556p-5f));
    p = v16_fma(p, r, v16_set1(0x1.555556p-3f));
    p = v16_fma(p, r, v16_set1(0.5f));
    p = v16_fma(p, r, v16_set1(1.0f));
    p = v16_fma(p, r, v16_set1(1.0f));
    return v16_zero_where_less(v16_mul(p, v16_power_of_two(n)), x, v16_set1(-87.0f));
}

/* 1 / (1 + e^-z) */
PL_INLINE v16 sigmoid16(v16 z) {
    v16 one = v16_set1(1.0f);
    return v16_div(one, v16_add(one, exp16(v16_mul(v16_set1(-1.0f), z))));
}

PL_INLINE double join_doubles(d16 a) {
    double lane[16];
    d16_store(lane, a);
    for (int half = 8; half > 0; half /= 2) {
        for (int j = 0; j < half; j++) {
            lane[j] += lane[j + half];
        }
    }
    return lane[0];
}

/* ln x of a positive normal number. */
static double log_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 52) - 1023;
    bits = (bits & 0xFFFFFFFFFFFFFull) | 1023ull << 52;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m > 2 * 0x1.6a09e667f3bcdp-1) {
        m *= 0.5;
        exponent++;
    }
    double s = (m - 1) / (m + 1), square = s * s, series = 0;
    for (int i = 21; i >= 1; i -= 2) {
        series = __builtin_fma(series, square, 1.0 / i);
    }
    return __builtin_fma(exponent, 0x1.62e42fefa39efp-1, 2 * s * series);
}

static float dot(const float *x, const float *y, int count) {
    v16 sum = v16_zero();
    int k = 0;
    for (; k + 16 <= count; k += 16) {
        sum = v16_fma(v16_load(x + k), v16_load(y + k), sum);
    }
    if (k < count) {
        sum = v16_fma(v16_load_n(x + k, count - k), v16_load_n(y + k, count - k), sum);
    }
    return v16_sum(sum);
}

static float largest(const float *x, int count) {
    v16 lowest = v16_set1(-__builtin_inff()), best = lowest;
    int k = 0;
    for (; k + 16 <= count; k += 16) {
        best = v16_max(v16_load(x + k), best);
    }
    if (k < count) {
        best = v16_max(v16_first(v16_load_n(x + k, count - k), lowest, count - k), best);
    }
    return v16_largest(best);
}

/* Replaces scores by e^(score - max) and returns their sum. */
static float exponentials(float *scores, int count) {
    v16 max = v16_set1(largest(scores, count)), sum = v16_zero();
    int k = 0;
    for (; k + 16 <= count; k += 16) {
        v16 e = exp16(v16_sub(v16_load(scores + k), max));
        v16_store(scores + k, e);
        sum = v16_add(sum, e);
    }
    if (k < count) {
        v16 e = v16_first(exp16(v16_sub(v16_load_n(scores + k, count - k), max)), v16_zero(), count - k);
        v16_store_n(scores + k, e, count - k);
        sum = v16_add(sum, e);
    }
    return v16_sum(sum);
}
