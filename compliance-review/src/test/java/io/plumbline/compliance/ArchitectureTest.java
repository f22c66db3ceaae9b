package io.plumbline.compliance;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

@AnalyzeClasses(packages = "io.plumbline.compliance", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.plumbline.compliance.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule DETECT_STANDS_ALONE = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("..compliance.detect..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..compliance.screen..", "..compliance.rule..");

    @ArchTest
    static final ArchRule RULES_DO_NOT_KNOW_SCREENING = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("..compliance.rule..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..compliance.screen..");

    /** java.util.regex backtracks; on the text of users only RE2 may run. Its use on checked short strings is fine. */
    @ArchTest
    static final ArchRule NO_BACKTRACKING_IN_RULES = ArchRuleDefinition.noClasses()
            .that()
            .haveSimpleNameEndingWith("Detector")
            .or()
            .haveSimpleName("Phrases")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.regex.Pattern");
}
