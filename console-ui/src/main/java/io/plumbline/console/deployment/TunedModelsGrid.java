package io.plumbline.console.deployment;

import static io.plumbline.console.i18n.Texts.bytes;
import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.RouterLink;
import io.plumbline.console.finetuning.JobView;
import io.plumbline.platform.adapter.Adapter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What fine-tuning made, and from what. */
final class TunedModelsGrid extends Div {
    private static final long serialVersionUID = 1L;

    private final Grid<Adapter> grid = new Grid<>();
    private final Div empty = new Div();
    private transient Set<String> live = Set.of();

    TunedModelsGrid(boolean mayDeploy, Consumer<String> onDeploy, Consumer<Adapter> onDelete) {
        grid.setId("tuned-grid");
        grid.addThemeVariants(
                GridVariant.LUMO_COMPACT, GridVariant.LUMO_ROW_STRIPES, GridVariant.LUMO_WRAP_CELL_CONTENT);
        grid.setAllRowsVisible(true);
        empty.addClassName("empty");
        empty.setId("tuned-empty");
        empty.setText(text("models.tuned.empty"));
        grid.addComponentColumn(this::name).setHeader(text("models.model")).setFlexGrow(3);
        grid.addColumn(adapter -> adapter.lineage().baseModel())
                .setHeader(text("models.base"))
                .setFlexGrow(1);
        grid.addComponentColumn(adapter -> new RouterLink(
                        text("models.job"), JobView.class, adapter.lineage().job()))
                .setHeader(text("models.lineage"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(adapter -> loss(adapter.lineage()))
                .setHeader(text("models.loss"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(adapter -> bytes(adapter.bytes()))
                .setHeader(text("models.size"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addComponentColumn(
                        adapter -> DeploymentsGrid.breakable(time(adapter.createdAt()) + " · " + adapter.createdBy()))
                .setHeader(text("models.created"))
                .setFlexGrow(1);
        if (mayDeploy) {
            grid.addComponentColumn(adapter -> actions(adapter, onDeploy, onDelete))
                    .setAutoWidth(true)
                    .setFlexGrow(0);
        }
        add(grid, empty);
    }

    void show(List<Adapter> adapters, List<String> liveModels) {
        live = Set.copyOf(liveModels);
        grid.setItems(adapters);
        grid.setVisible(!adapters.isEmpty());
        empty.setVisible(adapters.isEmpty());
    }

    private Div name(Adapter adapter) {
        Span name = DeploymentsGrid.breakable(adapter.model());
        Div shown = new Div(name);
        if (live.contains(adapter.model())) {
            Span badge = new Span(text("models.state.LIVE"));
            badge.addClassNames("badge", "good");
            shown.add(new Span(" "), badge);
        }
        return shown;
    }

    /** Held-out loss before and after; without held-out rows the loss of the last step. */
    private static String loss(Adapter.Lineage lineage) {
        Optional<String> heldOut = lineage.firstValidLoss()
                .flatMap(first -> lineage.validLoss().map(last -> number(first, 3) + " → " + number(last, 3)));
        return heldOut.or(() -> lineage.trainLoss().map(last -> number(last, 3)))
                .orElse("–");
    }

    private static Div actions(Adapter adapter, Consumer<String> onDeploy, Consumer<Adapter> onDelete) {
        Button deploy = new Button(text("models.deploy"), click -> onDeploy.accept(adapter.model()));
        deploy.addThemeVariants(ButtonVariant.LUMO_SMALL);
        deploy.setId("deploy-" + adapter.id());
        Button delete = new Button(text("models.delete"), click -> onDelete.accept(adapter));
        delete.addThemeVariants(ButtonVariant.LUMO_SMALL, ButtonVariant.LUMO_ERROR, ButtonVariant.LUMO_TERTIARY);
        delete.setId("delete-" + adapter.id());
        Div actions = new Div(deploy, delete);
        actions.addClassName("actions");
        return actions;
    }
}
