package io.plumbline.console.deployment;

import static io.plumbline.console.i18n.Texts.bytes;
import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import io.plumbline.platform.catalogue.BaseModels;
import java.util.List;

/** The models of this installation that others are made from. */
final class BaseModelsGrid extends Div {
    private static final long serialVersionUID = 1L;

    BaseModelsGrid(List<BaseModels.Card> bases) {
        if (bases.isEmpty()) {
            addClassName("empty");
            setText(text("models.bases.empty"));
            return;
        }
        Grid<BaseModels.Card> grid = new Grid<>();
        grid.setId("bases-grid");
        grid.addThemeVariants(
                GridVariant.LUMO_COMPACT, GridVariant.LUMO_ROW_STRIPES, GridVariant.LUMO_WRAP_CELL_CONTENT);
        grid.setAllRowsVisible(true);
        grid.addColumn(card -> card.model().id())
                .setHeader(text("models.model"))
                .setFlexGrow(2);
        grid.addColumn(card -> card.model().architecture())
                .setHeader(text("models.architecture"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(card -> card.bytes().isPresent() ? bytes(card.bytes().getAsLong()) : "–")
                .setHeader(text("models.size"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(card -> text("models.tokens", number((long) card.model().contextLength())))
                .setHeader(text("models.context"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(card -> text(card.model().chatTemplate() ? "models.template.present" : "models.template.absent"))
                .setHeader(text("models.template"))
                .setFlexGrow(1);
        grid.addColumn(card -> card.backend().orElseGet(() -> text("models.not_loaded")))
                .setHeader(text("models.backend"))
                .setFlexGrow(1);
        grid.setItems(bases);
        add(grid);
    }
}
