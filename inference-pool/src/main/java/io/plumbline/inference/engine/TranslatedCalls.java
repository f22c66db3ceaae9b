package io.plumbline.inference.engine;

import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.toolcall.ToolCallForm;
import io.plumbline.inference.toolcall.ToolCallTranslator;
import java.util.List;

/** Passes an answer on with its calls in the form that the pool's callers know, whatever form the model has. */
final class TranslatedCalls implements CompletionListener {
    private final CompletionListener listener;
    private final ToolCallTranslator translator;

    TranslatedCalls(CompletionListener listener, ToolCallForm form) {
        this.listener = listener;
        this.translator = new ToolCallTranslator(form);
    }

    @Override
    public void onText(TextDelta delta) {
        String text = translator.push(delta.text());
        if (!text.isEmpty() || !delta.logprobs().isEmpty()) {
            listener.onText(new TextDelta(text, delta.logprobs()));
        }
    }

    @Override
    public void onFinish(FinishedCompletion finished) {
        String rest = translator.finish();
        if (!rest.isEmpty()) {
            listener.onText(new TextDelta(rest, List.of()));
        }
        listener.onFinish(finished);
    }

    @Override
    public void onFailure(InferenceException failure) {
        listener.onFailure(failure);
    }
}
