/* The kernels for one instruction set; the arithmetic is the same in all of them. */
#include "vector_avx2.h"

#include "formats.h"
#include "tiles.h"
#include "functions.h"
#include "linear.h"
#include "packed.h"
#include "rows.h"
#include "attention.h"
#include "lora.h"
#include "logits.h"
