package io.plumbline.console.deployment;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.AfterNavigationEvent;
import com.vaadin.flow.router.AfterNavigationObserver;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import io.plumbline.console.component.Confirmation;
import io.plumbline.console.component.Failures;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.adapter.Adapter;
import io.plumbline.platform.deployment.Deployment;
import io.plumbline.platform.deployment.DeploymentState;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What answers and under which rules, what was trained, and what it stands on. */
@RequiresScope(Scope.DEPLOYMENTS_READ)
@Route(value = "models", layout = MainLayout.class)
@Menu(order = 30, icon = "vaadin:cubes", title = "models.title")
public class ModelsView extends Div implements Titled, AfterNavigationObserver {
    /** Query parameter: a model to deploy now. */
    public static final String DEPLOY = "deploy";

    private static final long serialVersionUID = 1L;

    private final transient ConsoleSession session;
    private final transient ModelDesk desk;
    private final boolean mayDeploy;
    private final DeploymentsGrid deployments;
    private final TunedModelsGrid tuned;

    @Inject
    public ModelsView(ConsoleSession session, ModelDesk desk) {
        this.session = session;
        this.desk = desk;
        mayDeploy = session.may(Scope.DEPLOYMENTS_WRITE);
        deployments = new DeploymentsGrid(desk, mayDeploy, this::askToRetire);
        tuned = new TunedModelsGrid(mayDeploy, this::openDialog, this::askToDelete);
        addClassName("view");
        add(deploymentsPanel(), panel(text("models.tuned"), tuned), basesPanel());
        refresh();
    }

    private Div deploymentsPanel() {
        Div head = new Div(new H3(text("models.deployments")));
        head.addClassName("panel-head");
        if (mayDeploy) {
            Button deploy = new Button(text("models.deploy"), click -> openDialog(""));
            deploy.setId("deploy");
            deploy.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
            head.add(deploy);
        }
        Div panel = new Div(head, deployments);
        panel.addClassName("panel");
        return panel;
    }

    private Div basesPanel() {
        Div panel = panel(text("models.bases"), new BaseModelsGrid(desk.bases()));
        Map<String, String> unusable = desk.unusable();
        unusable.forEach((file, why) -> {
            Div notice = new Div(new Span(text("models.unusable", file, why)));
            notice.addClassName("notice");
            panel.add(notice);
        });
        return panel;
    }

    private static Div panel(String title, Component content) {
        Div panel = new Div(new H3(title), content);
        panel.addClassName("panel");
        return panel;
    }

    private void refresh() {
        List<Deployment> all = desk.deployments();
        deployments.show(all);
        tuned.show(
                desk.tuned(),
                all.stream()
                        .filter(deployment -> deployment.state() == DeploymentState.LIVE)
                        .map(Deployment::model)
                        .toList());
    }

    private void openDialog(String model) {
        new DeployDialog(desk, model, deployed -> {
                    refresh();
                    Failures.done(text("models.deployed", deployed.model()));
                })
                .open();
    }

    private void askToRetire(Deployment deployment) {
        Confirmation.ask(
                text("models.retire.title"),
                text("models.retire.consequence", deployment.model()),
                text("models.retire"),
                () -> {
                    desk.retire(deployment.id());
                    refresh();
                    Failures.done(text("models.retired", deployment.model()));
                });
    }

    private void askToDelete(Adapter adapter) {
        Confirmation.ask(
                text("models.delete.title"),
                text("models.delete.consequence", adapter.model()),
                text("models.delete"),
                () -> {
                    desk.delete(adapter.model());
                    refresh();
                    Failures.done(text("models.deleted", adapter.model()));
                });
    }

    /** Whoever comes from a finished job finds the dialog open with its model. */
    @Override
    public void afterNavigation(AfterNavigationEvent navigated) {
        Optional<String> wanted = navigated.getLocation().getQueryParameters().getSingleParameter(DEPLOY);
        if (wanted.isPresent() && session.may(Scope.DEPLOYMENTS_WRITE)) {
            openDialog(wanted.get());
        }
    }

    @Override
    public String title() {
        return text("models.title");
    }
}
