package io.plumbline.ascend;

import io.plumbline.ascend.acl.ToolkitFiles;
import io.plumbline.ascend.acl.ToolkitSearch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this machine has for Ascend devices, found by looking at files and variables only.
 *
 * @param settings the variables that concern us
 * @param deviceFiles {@code /dev/davinci0}, {@code /dev/davinci1} …
 * @param driver the driver's folder of libraries, if it is there
 * @param search where the toolkit was looked for
 * @param toolkit what was found
 */
record AscendHost(
        AscendSettings settings,
        List<Path> deviceFiles,
        Optional<Path> driver,
        ToolkitSearch search,
        Optional<ToolkitFiles> toolkit) {
    private static final int MOST_DEVICES = 64;

    /**
     * Looks at a machine.
     *
     * @param environment the process's variables
     * @param devices folder of device files, normally {@code /dev}
     * @param driver normally {@code /usr/local/Ascend/driver/lib64}
     */
    static AscendHost look(Map<String, String> environment, Path devices, Path driver) {
        ToolkitSearch search = ToolkitSearch.of(environment);
        return new AscendHost(
                AscendSettings.of(environment),
                Stream.iterate(0, i -> i + 1)
                        .limit(MOST_DEVICES)
                        .map(i -> devices.resolve("davinci" + i))
                        .filter(Files::exists)
                        .toList(),
                Optional.of(driver).filter(Files::isDirectory),
                search,
                search.find());
    }

    /** Everything that is missing, before any library is opened. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (deviceFiles.isEmpty()) {
            findings.add(new Finding(
                    "no Ascend device (/dev/davinci0 is missing)",
                    "install the Ascend driver and firmware, or pass the device into the container"));
            if (driver.isEmpty()) {
                findings.add(new Finding(
                        "no Ascend driver (/usr/local/Ascend/driver/lib64 is missing)",
                        "install the driver on the host; into a container mount /usr/local/Ascend/driver"));
            }
        } else if (deviceFiles.stream().noneMatch(file -> Files.isReadable(file) && Files.isWritable(file))) {
            findings.add(new Finding(
                    "no permission for %s".formatted(deviceFiles.getFirst()),
                    "add this user to the group HwHiAiUser and log in again"));
        }
        toolkit.ifPresentOrElse(
                files -> files.missing().stream()
                        .map(name -> new Finding(
                                "the CANN toolkit at %s has no %s".formatted(files.runtime(), name),
                                "install the whole toolkit, with its operator package"))
                        .forEach(findings::add),
                () -> findings.add(
                        new Finding(
                                "no CANN runtime (neither libacl_rt.so nor libascendcl.so is in any of %s)"
                                        .formatted(search.folders()),
                                "install the CANN toolkit 8.0 or later and source its set_env.sh before starting, or set PLUMBLINE_ASCEND_HOME to its folder")));
        settings.finding().ifPresent(findings::add);
        return findings;
    }
}
