package io.plumbline.ascend;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;

@AnalyzeClasses(packages = "io.plumbline.ascend", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule nativeSymbolsAreLinkedInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("io.plumbline.ascend.acl")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Linker.class, SymbolLookup.class, FunctionDescriptor.class, Arena.class);

    @ArchTest
    static final ArchRule theBindingKnowsNoKernels = noClasses()
            .that()
            .resideInAPackage("io.plumbline.ascend.acl")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.plumbline.ascend", "io.plumbline.ascend.kernel");

    @ArchTest
    static final ArchRule noThreadLocals =
            noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.plumbline.ascend.(**)").should().beFreeOfCycles();
}
