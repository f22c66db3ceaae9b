package io.plumbline.console.deployment;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.platform.deployment.Deployment;
import io.plumbline.platform.deployment.DeploymentState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Deployments with the rules they run under; retired ones if asked for. */
final class DeploymentsGrid extends Div {
    private static final long serialVersionUID = 1L;

    private final Grid<Deployment> grid = new Grid<>();
    private final Checkbox retired = new Checkbox(text("models.show_retired"));
    private final Div empty = new Div();
    private transient List<Deployment> all = List.of();

    DeploymentsGrid(ModelDesk desk, boolean mayRetire, Consumer<Deployment> onRetire) {
        addClassName("stack");
        grid.setId("deployments-grid");
        grid.addThemeVariants(
                GridVariant.LUMO_COMPACT, GridVariant.LUMO_ROW_STRIPES, GridVariant.LUMO_WRAP_CELL_CONTENT);
        grid.setAllRowsVisible(true);
        empty.addClassName("empty");
        empty.setId("deployments-empty");
        empty.setText(text(mayRetire ? "models.deployments.empty" : "models.deployments.empty_read_only"));
        retired.setId("show-retired");
        retired.addValueChangeListener(changed -> draw());
        columns(desk);
        if (mayRetire) {
            grid.addComponentColumn(deployment -> retire(deployment, onRetire))
                    .setAutoWidth(true)
                    .setFlexGrow(0);
        }
        add(grid, empty, retired);
    }

    private void columns(ModelDesk desk) {
        grid.addComponentColumn(deployment -> breakable(deployment.model()))
                .setHeader(text("models.model"))
                .setFlexGrow(2);
        grid.addComponentColumn(DeploymentsGrid::state)
                .setHeader(text("models.state"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(deployment ->
                        text("models.audience." + deployment.policy().audience().name()))
                .setHeader(text("models.audience"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addComponentColumn(DeploymentsGrid::packs)
                .setHeader(text("models.packs"))
                .setFlexGrow(1);
        grid.addComponentColumn(deployment -> new AnswerModeBadge(desk.effect(deployment.policy())))
                .setHeader(text("models.mode"))
                .setFlexGrow(1);
        grid.addColumn(deployment -> deployment.chatTemplate().isPresent()
                        ? text("models.template.own")
                        : text("models.template.base"))
                .setHeader(text("models.template"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addComponentColumn(deployment -> breakable(time(deployment.createdAt()) + " · " + deployment.createdBy()))
                .setHeader(text("models.created"))
                .setFlexGrow(1);
    }

    void show(List<Deployment> deployments) {
        all = deployments;
        draw();
    }

    private void draw() {
        List<Deployment> shown = all.stream()
                .filter(deployment -> retired.getValue() || deployment.state() != DeploymentState.RETIRED)
                .toList();
        grid.setItems(shown);
        grid.setVisible(!shown.isEmpty());
        empty.setVisible(shown.isEmpty());
        retired.setVisible(all.stream().anyMatch(deployment -> deployment.state() == DeploymentState.RETIRED));
    }

    /** Packs by name; single rules are counted, and named when pointed at. */
    private static Span packs(Deployment deployment) {
        List<String> all = deployment.policy().packs().stream().sorted().toList();
        if (all.isEmpty()) {
            return new Span(text("models.packs.floor"));
        }
        List<String> shown =
                new ArrayList<>(all.stream().filter(pack -> !isRule(pack)).toList());
        long rules = all.stream().filter(DeploymentsGrid::isRule).count();
        if (rules > 0) {
            shown.add(text("models.packs.rules", number(rules)));
        }
        Span span = breakable(String.join(", ", shown));
        span.setTitle(String.join(", ", all));
        return span;
    }

    private static boolean isRule(String pack) {
        return pack.matches("[A-Z]+-[0-9]+");
    }

    /** Names of models are long words; cut off they would say nothing. */
    static Span breakable(String words) {
        Span span = new Span(words);
        span.addClassName("breakable");
        return span;
    }

    private static Div state(Deployment deployment) {
        Span badge = new Span(text("models.state." + deployment.state().name()));
        badge.addClassNames(
                "badge",
                switch (deployment.state()) {
                    case PENDING -> "wait";
                    case LIVE -> "good";
                    case FAILED -> "bad";
                    case RETIRED -> "ended";
                });
        badge.getElement().setAttribute("data-state", deployment.state().wireName());
        Div shown = new Div(badge);
        deployment.failure().ifPresent(why -> shown.add(new Div(why)));
        return shown;
    }

    private static Div retire(Deployment deployment, Consumer<Deployment> onRetire) {
        Div place = new Div();
        if (deployment.state() != DeploymentState.RETIRED) {
            Button button = new Button(text("models.retire"), click -> onRetire.accept(deployment));
            button.addThemeVariants(ButtonVariant.LUMO_SMALL, ButtonVariant.LUMO_ERROR, ButtonVariant.LUMO_TERTIARY);
            button.setId("retire-" + deployment.id());
            place.add(button);
        }
        return place;
    }
}
