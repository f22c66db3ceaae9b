package io.plumbline.ascend.kernel;

import io.plumbline.ascend.acl.AclLibrary;
import io.plumbline.ascend.acl.SocFamily;
import java.time.Duration;

/**
 * What a backend is opened with, once a probe has found that it can be.
 *
 * @param library the opened toolkit
 * @param family what the device is
 * @param device its number, from 0
 * @param timeout how long submitted work may take
 * @param description device and toolkit, for people
 */
public record AscendSetup(AclLibrary library, SocFamily family, int device, Duration timeout, String description) {}
