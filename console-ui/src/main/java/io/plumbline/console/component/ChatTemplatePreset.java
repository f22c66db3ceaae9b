package io.plumbline.console.component;

/**
 * Chat templates to begin with for base models that bring none (Jinja source). Each ends an answer with the model's
 * end-of-text token, so that a model trained with it learns to stop.
 */
public enum ChatTemplatePreset {
    /** A label before each message, nothing else: fits every tokenizer. */
    PLAIN("""
            {{ bos_token }}{% for message in messages %}\
            {% if message['role'] == 'system' %}{{ message['content'] }}

            {% elif message['role'] == 'user' %}User: {{ message['content'] }}
            {% else %}Assistant: {{ message['content'] }}{{ eos_token }}
            {% endif %}{% endfor %}\
            {% if add_generation_prompt %}Assistant:{% endif %}"""),
    /** As PLAIN, for data in Chinese. */
    PLAIN_CHINESE("""
            {{ bos_token }}{% for message in messages %}\
            {% if message['role'] == 'system' %}{{ message['content'] }}

            {% elif message['role'] == 'user' %}问：{{ message['content'] }}
            {% else %}答：{{ message['content'] }}{{ eos_token }}
            {% endif %}{% endfor %}\
            {% if add_generation_prompt %}答：{% endif %}"""),
    /** ChatML, for tokenizers that have its marks. */
    CHATML("""
            {% for message in messages %}<|im_start|>{{ message['role'] }}
            {{ message['content'] }}<|im_end|>
            {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
            {% endif %}"""),
    /** Turns as Gemma marks them; the system message goes before the first question. */
    GEMMA("""
            {{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set first = messages[0]['content'] + '\\n\\n' %}\
            {% set rest = messages[1:] %}{% else %}{% set first = '' %}{% set rest = messages %}{% endif %}\
            {% for message in rest %}<start_of_turn>{{ 'model' if message['role'] == 'assistant' else 'user' }}
            {{ (first if loop.first else '') + message['content'] }}<end_of_turn>
            {% endfor %}{% if add_generation_prompt %}<start_of_turn>model
            {% endif %}""");

    private final String source;

    ChatTemplatePreset(String source) {
        this.source = source;
    }

    /** Jinja. */
    public String source() {
        return source;
    }
}
