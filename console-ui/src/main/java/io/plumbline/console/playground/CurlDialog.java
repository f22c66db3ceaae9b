package io.plumbline.console.playground;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Pre;
import io.plumbline.console.component.CopyButton;
import io.plumbline.platform.gateway.ChatQuestion;

/** Shows an integrator how a program asks the same. */
final class CurlDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    CurlDialog(ChatQuestion question) {
        setHeaderTitle(text("playground.curl"));
        setWidth("48rem");
        Pre command = new Pre();
        command.setId("curl-command");
        command.addClassNames("mono", "command");
        add(new Div(new Paragraph(text("playground.curl_about")), command));
        CopyButton copy = new CopyButton(text("rule.copy"), command);
        copy.setId("curl-copy");
        getFooter().add(copy, new Button(text("shell.close"), click -> close()));
        addAttachListener(attached -> attached.getUI().getPage().fetchCurrentURL(url -> {
            String port = url.getPort() < 0 ? "" : ":" + url.getPort();
            command.setText(CurlCommand.of(url.getProtocol() + "://" + url.getHost() + port, question));
        }));
    }
}
