/* The kernels for every 64-bit ARM processor; the arithmetic is the same as elsewhere. */
#define FN(name) plumbline_neon_##name
#include "vector_neon.h"

#include "formats.h"
#include "tiles.h"
#include "functions.h"
#include "linear.h"
#include "packed.h"
#include "rows.h"
#include "training.h"
#include "attention_rows.h"
#include "attention_tiles.h"
#include "attention_lone.h"
#include "attention.h"
#include "attention_backward.h"
#include "lora.h"
#include "logits.h"
#include "peak_dot.h"
