package io.plumbline.platform.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.plumbline.platform.identity.AnyCaller;
import io.plumbline.platform.identity.RequiresScope;
import jakarta.persistence.Entity;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;

@AnalyzeClasses(packages = "io.plumbline.platform", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule entitiesStayInTheirFeature =
            classes().that().areAnnotatedWith(Entity.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule transactionsBelongToServices = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage("..rest..")
            .should()
            .beAnnotatedWith(Transactional.class);

    @ArchTest
    static final ArchRule everyRouteSaysWhoMayCallIt = methods()
            .that()
            .areAnnotatedWith(GET.class)
            .or()
            .areAnnotatedWith(POST.class)
            .or()
            .areAnnotatedWith(PUT.class)
            .or()
            .areAnnotatedWith(PATCH.class)
            .or()
            .areAnnotatedWith(DELETE.class)
            .should()
            .beAnnotatedWith(RequiresScope.class)
            .orShould()
            .beAnnotatedWith(AnyCaller.class);

    @ArchTest
    static final ArchRule featuresDoNotReachIntoRest = noClasses()
            .that()
            .resideOutsideOfPackage("..rest..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..rest..");

    @ArchTest
    static final ArchRule featuresAreFreeOfCycles =
            slices().matching("io.plumbline.platform.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noThreadLocals =
            noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class);
}
