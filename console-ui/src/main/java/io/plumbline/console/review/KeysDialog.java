package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.DescriptionList;
import com.vaadin.flow.component.html.Paragraph;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows which key does what. */
final class KeysDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    private KeysDialog(Map<String, String> keys) {
        setId("keys-dialog");
        setHeaderTitle(text("review.keys"));
        DescriptionList list = new DescriptionList();
        list.addClassNames("facts", "keys");
        keys.forEach((key, meaning) ->
                list.add(new DescriptionList.Term(new Kbd(key)), new DescriptionList.Description(text(meaning))));
        add(list, new Paragraph(text("review.keys_about")));
        getFooter().add(new Button(text("shell.close"), click -> close()));
    }

    static KeysDialog ofList() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("j ↓", "review.key.next");
        keys.put("k ↑", "review.key.previous");
        keys.put("Enter", "review.key.open");
        keys.put("?", "review.key.help");
        return new KeysDialog(keys);
    }

    static KeysDialog ofCase() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("a", "review.key.approve");
        keys.put("e", "review.key.edit");
        keys.put("r", "review.key.reject");
        keys.put("x", "review.key.escalate");
        keys.put("c", "review.key.claim");
        keys.put("n", "review.key.next_case");
        keys.put("Esc", "review.key.back");
        keys.put("?", "review.key.help");
        return new KeysDialog(keys);
    }
}
