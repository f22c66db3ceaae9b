// Keys as commands: passed on only while nobody types into a field and no dialog or menu is open.
window.plumblineKeys = (() => {
  const editable = 'input, textarea, select, [contenteditable=""], [contenteditable=true]';
  const activityEvery = 20000;

  function typing(event) {
    return event.composedPath().some((node) => node instanceof Element && node.matches(editable));
  }

  function covered() {
    return Boolean(document.querySelector('vaadin-dialog[opened], vaadin-confirm-dialog[opened], #signed-out'));
  }

  // Enter and space belong to whatever has the focus, if that is something to press.
  function pressable(event) {
    return (event.key === 'Enter' || event.key === ' ')
      && event.composedPath().some((node) => node instanceof Element && node.matches('a[href], button, vaadin-button, summary'));
  }

  function listen(host, names) {
    if (host.plumblineKeys) document.removeEventListener('keydown', host.plumblineKeys);
    const keys = new Set(names.split('\n'));
    host.plumblineKeys = (event) => {
      if (!host.isConnected) {
        document.removeEventListener('keydown', host.plumblineKeys);
        return;
      }
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || covered()) return;
      if (typing(event)) {
        // Esc leaves the field, so that the keys work again; the text stays.
        if (event.key === 'Escape') event.composedPath()[0].blur();
        return;
      }
      if (!keys.has(event.key) || pressable(event)) return;
      event.preventDefault();
      host.dispatchEvent(new CustomEvent('console-key', { detail: { key: event.key } }));
    };
    document.addEventListener('keydown', host.plumblineKeys);
  }

  function watch(host) {
    if (host.plumblineWatch) return;
    let last = Date.now();
    host.plumblineWatch = () => {
      if (!host.isConnected) {
        ['pointermove', 'keydown', 'scroll', 'wheel'].forEach((name) => document.removeEventListener(name, host.plumblineWatch, true));
        host.plumblineWatch = null;
        return;
      }
      if (Date.now() - last < activityEvery) return;
      last = Date.now();
      host.dispatchEvent(new CustomEvent('console-activity'));
    };
    ['pointermove', 'keydown', 'scroll', 'wheel'].forEach((name) => document.addEventListener(name, host.plumblineWatch, { capture: true, passive: true }));
  }

  // Where the browser offers no clipboard (plain HTTP to another machine), the text is at least selected.
  function copy(source, button, done) {
    const text = source.textContent;
    const select = () => {
      const range = document.createRange();
      range.selectNodeContents(source);
      const selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
    };
    if (!navigator.clipboard) {
      select();
      document.execCommand('copy');
    } else {
      navigator.clipboard.writeText(text).catch(select);
    }
    const before = button.textContent;
    button.textContent = done;
    setTimeout(() => { button.textContent = before; }, 2000);
  }

  return { listen, watch, copy };
})();
