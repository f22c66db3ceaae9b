package io.plumbline.console.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Html;
import com.vaadin.flow.router.HasErrorParameter;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import io.plumbline.console.session.Desk;
import io.plumbline.platform.identity.AnyCaller;
import io.plumbline.platform.identity.RequiresScope;
import jakarta.enterprise.context.ApplicationScoped;

@AnalyzeClasses(packages = "io.plumbline.console", importOptions = ImportOption.DoNotIncludeTests.class)
class ConsoleRulesTest {
    private static final String[] SHARED = {
        "io.plumbline.console.component..",
        "io.plumbline.console.i18n..",
        "io.plumbline.console.session..",
        "io.plumbline.console.shell.."
    };

    private static <T extends CanBeAnnotated> ArchCondition<T> sayWhoMayEnter() {
        return new ArchCondition<>("carry exactly one of @RequiresScope and @AnyCaller") {
            @Override
            public void check(T item, ConditionEvents events) {
                boolean one = item.isAnnotatedWith(RequiresScope.class) != item.isAnnotatedWith(AnyCaller.class);
                events.add(new SimpleConditionEvent(
                        item, one, item + (one ? " says" : " does not say") + " who may enter"));
            }
        };
    }

    @ArchTest
    static final ArchRule everyViewSaysWhoMayEnter =
            classes().that().areAnnotatedWith(Route.class).should(sayWhoMayEnter());

    @ArchTest
    static final ArchRule everyErrorPageSaysWhoMayEnter =
            classes().that().implement(HasErrorParameter.class).should(sayWhoMayEnter());

    @ArchTest
    static final ArchRule everyDeskMethodSaysWhoMayCallIt = methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(Desk.class)
            .and()
            .areDeclaredInClassesThat()
            .areNotAssignableTo("io.plumbline.console.session.DeskInterceptor")
            .should(sayWhoMayEnter());

    @ArchTest
    static final ArchRule whatIsInTheMenuIsAView =
            classes().that().areAnnotatedWith(Menu.class).should().beAnnotatedWith(Route.class);

    @ArchTest
    static final ArchRule viewsReachServicesThroughDesksAlone =
            noClasses().that().areAssignableTo(Component.class).should().dependOnClassesThat(servicesBelow());

    private static DescribedPredicate<JavaClass> servicesBelow() {
        return DescribedPredicate.describe(
                "are services of the modules below",
                type -> type.isAnnotatedWith(ApplicationScoped.class)
                        && !type.getPackageName().startsWith("io.plumbline.console"));
    }

    @ArchTest
    static final ArchRule nothingStoredIsEverMarkup =
            noClasses().should().dependOnClassesThat().areAssignableTo(Html.class);

    /** Screens lead to each other by class; what they share knows none of them. */
    @ArchTest
    static final ArchRule whatScreensShareKnowsNoScreen =
            noClasses().that().resideInAnyPackage(SHARED).should().dependOnClassesThat(screens());

    private static DescribedPredicate<JavaClass> screens() {
        return DescribedPredicate.describe(
                "belong to a screen",
                type -> type.getPackageName().startsWith("io.plumbline.console.")
                        && !resideInAnyPackage(SHARED).test(type));
    }

    @ArchTest
    static final ArchRule noThreadLocals =
            noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class);
}
