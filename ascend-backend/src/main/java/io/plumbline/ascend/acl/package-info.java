/**
 * The binding of the Ascend runtime (CANN): functions and operators as data, libraries found and opened, return codes
 * turned into typed errors, and one owner for everything that must be given back. The only place of this module that
 * links native symbols.
 */
@NullMarked
package io.plumbline.ascend.acl;

import org.jspecify.annotations.NullMarked;
