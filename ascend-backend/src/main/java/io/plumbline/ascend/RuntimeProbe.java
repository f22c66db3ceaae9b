package io.plumbline.ascend;

import io.plumbline.ascend.acl.AclException;
import io.plumbline.ascend.acl.AclLibrary;
import io.plumbline.ascend.acl.CannVersion;
import io.plumbline.ascend.acl.DeviceThread;
import io.plumbline.ascend.acl.LibraryRefusedException;
import io.plumbline.ascend.acl.OperatorName;
import io.plumbline.ascend.acl.RuntimeInformation;
import io.plumbline.ascend.acl.SocFamily;
import io.plumbline.ascend.acl.ToolkitFiles;
import io.plumbline.ascend.kernel.AscendSetup;
import io.plumbline.inference.kernel.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks an opened toolkit what it is and what it finds. */
final class RuntimeProbe {
    private final AscendSettings settings;
    private final ToolkitFiles files;
    private final List<Finding> findings = new ArrayList<>();

    /** What came of asking. */
    sealed interface Outcome {
        record Usable(AscendSetup setup) implements Outcome {}

        record Unusable(List<Finding> findings) implements Outcome {}
    }

    private RuntimeProbe(AscendSettings settings, ToolkitFiles files) {
        this.settings = settings;
        this.files = files;
    }

    /** Opens the toolkit and asks, on a platform thread of its own. */
    static Outcome ask(AscendSettings settings, ToolkitFiles files) {
        try (DeviceThread thread = new DeviceThread("plumbline-ascend-probe")) {
            return thread.call(() -> new RuntimeProbe(settings, files).outcome());
        }
    }

    private Outcome outcome() {
        Optional<AscendSetup> setup = Optional.empty();
        try {
            AclLibrary library = AclLibrary.open(files);
            checkSymbols(library);
            if (findings.isEmpty()) {
                setup = setup(library);
            }
        } catch (LibraryRefusedException e) {
            findings.add(
                    new Finding(
                            String.valueOf(e.getMessage()),
                            "source the toolkit's set_env.sh before starting, so that LD_LIBRARY_PATH names the toolkit's and the driver's libraries"));
        } catch (AclException e) {
            findings.add(new Finding(
                    "the CANN runtime refuses: %s failed with %s%s"
                            .formatted(
                                    e.failure().function(),
                                    e.failure().codeName(),
                                    e.failure().recentMessage().isBlank()
                                            ? ""
                                            : " (%s)"
                                                    .formatted(e.failure()
                                                            .recentMessage()
                                                            .strip())),
                    e.failure().kind().remedy()));
        } catch (KernelException e) {
            findings.add(new Finding(String.valueOf(e.getMessage()), "install the CANN toolkit anew"));
        }
        return findings.isEmpty() && setup.isPresent()
                ? new Outcome.Usable(setup.get())
                : new Outcome.Unusable(List.copyOf(findings));
    }

    private void checkSymbols(AclLibrary library) {
        if (!library.missingRequired().isEmpty()) {
            findings.add(new Finding(
                    "the CANN libraries at %s lack %s".formatted(files.runtime(), library.missingRequired()),
                    "install a CANN toolkit that this version of Plumbline knows (8.0 to 9.x)"));
        }
    }

    private Optional<AscendSetup> setup(AclLibrary library) {
        RuntimeInformation information = RuntimeInformation.read(library);
        checkVersion(information);
        if (information.devices() <= settings.device()) {
            findings.add(new Finding(
                    "the runtime sees %d device(s), number %d is asked for"
                            .formatted(information.devices(), settings.device()),
                    "look at npu-smi info; check ASCEND_RT_VISIBLE_DEVICES and %s".formatted(AscendSettings.DEVICE)));
        }
        checkFamily(information);
        checkOperators(library);
        return information
                .family()
                .map(family -> new AscendSetup(
                        library, family, settings.device(), settings.timeout(), description(information, family)));
    }

    private static String description(RuntimeInformation information, SocFamily family) {
        return "%s, %s, CANN %s (contract-tested, not hardware-verified; matmul and RMS norm only)"
                .formatted(
                        information.socName(),
                        family.title(),
                        information.version().map(CannVersion::text).orElse("of unknown version"));
    }

    private void checkVersion(RuntimeInformation information) {
        Optional<CannVersion> version = information.version();
        String switchOn = "set %s=true to try it all the same".formatted(AscendSettings.UNVERIFIED);
        if (version.isPresent() && version.get().isOlderThan(CannVersion.OLDEST)) {
            findings.add(new Finding(
                    "CANN %s is too old".formatted(version.get().text()),
                    "install CANN %s or later".formatted(CannVersion.OLDEST.text())));
        } else if (version.isEmpty() && !settings.unverified()) {
            findings.add(new Finding("the version of the CANN toolkit cannot be read", switchOn));
        } else if (version.isPresent()
                && version.get().major() > CannVersion.LAST_KNOWN_MAJOR
                && !settings.unverified()) {
            findings.add(new Finding(
                    "CANN %s is newer than what this version of Plumbline knows (%d.x)"
                            .formatted(version.get().text(), CannVersion.LAST_KNOWN_MAJOR),
                    "install CANN %d.x, or %s".formatted(CannVersion.LAST_KNOWN_MAJOR, switchOn)));
        }
    }

    private void checkFamily(RuntimeInformation information) {
        information
                .family()
                .ifPresentOrElse(
                        family -> family.refusal()
                                .ifPresent(refusal -> findings.add(
                                        new Finding("the device is an " + information.socName(), refusal))),
                        () -> findings.add(new Finding(
                                "the device calls itself '%s', which this version of Plumbline does not know"
                                        .formatted(information.socName()),
                                "use a device of the families 310P, A2, A3 or 950")));
    }

    private void checkOperators(AclLibrary library) {
        List<String> missing = new ArrayList<>();
        for (OperatorName operator : List.of(
                OperatorName.CAST,
                OperatorName.INPLACE_COPY,
                OperatorName.RMS_NORM,
                OperatorName.WEIGHT_QUANT_MATMUL_V2)) {
            if (!library.has(operator)) {
                missing.add(operator.symbol());
            }
        }
        if (!missing.isEmpty()) {
            findings.add(new Finding(
                    "the operator libraries %s lack %s".formatted(files.operators(), missing),
                    "install the operator package of the same version as the toolkit"));
        }
    }
}
