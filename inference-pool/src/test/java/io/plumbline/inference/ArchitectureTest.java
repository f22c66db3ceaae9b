package io.plumbline.inference;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;

@AnalyzeClasses(packages = "io.plumbline.inference", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule nativeMemoryStaysWithKernelsFormatsAndFiles = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.plumbline.inference.kernel..",
                    "io.plumbline.inference.quant..",
                    "io.plumbline.inference.weights..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign..");

    @ArchTest
    static final ArchRule nativeSymbolsAreLinkedInOnePlacePerLibrary = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.plumbline.inference.kernel.ffm..", "io.plumbline.inference.kernel.cuda.driver..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Linker.class, SymbolLookup.class, FunctionDescriptor.class);

    @ArchTest
    static final ArchRule theKernelContractKnowsNoImplementation = noClasses()
            .that()
            .resideInAPackage("io.plumbline.inference.kernel")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.plumbline.inference.kernel.*");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.plumbline.inference.(**)").should().beFreeOfCycles();
}
