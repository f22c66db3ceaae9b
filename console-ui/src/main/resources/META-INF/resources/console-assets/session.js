// What is typed is kept in this browser until the server has it; and a sign-in that expired is told, not swallowed.
window.plumblineDrafts = (() => {
  const prefix = 'plumbline-draft:';

  function keep(area, key) {
    const stored = localStorage.getItem(prefix + key);
    if (stored !== null && stored !== area.value) {
      area.value = stored;
      area.dispatchEvent(new CustomEvent('change', { bubbles: true }));
      area.dispatchEvent(new CustomEvent('input', { bubbles: true }));
    }
    if (area.plumblineKept) return;
    area.plumblineKept = true;
    area.addEventListener('input', () => localStorage.setItem(prefix + key, area.value));
  }

  // Only if nothing was typed since: else the newer text would stand nowhere until it has travelled.
  function forget(key, arrived) {
    if (arrived === null || localStorage.getItem(prefix + key) === arrived) localStorage.removeItem(prefix + key);
  }

  return { keep, forget };
})();

(() => {
  const expired = 499;
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...args) {
    // By this header the server knows that nobody could follow a redirect to the sign-in page, and answers 499.
    this.setRequestHeader('X-Requested-With', 'JavaScript');
    this.addEventListener('load', () => {
      if (this.status === expired || this.status === 401) signInAgain();
    });
    return send.apply(this, args);
  };

  function signInAgain() {
    if (document.getElementById('signed-out')) return;
    const chinese = document.documentElement.lang.startsWith('zh');
    const note = document.createElement('div');
    note.id = 'signed-out';
    note.setAttribute('role', 'alertdialog');
    const text = document.createElement('p');
    text.textContent = chinese
      ? '登录已过期。您输入的内容已保留，重新登录后即可继续。'
      : 'Your sign-in has expired. What you typed is kept; sign in again and go on.';
    const again = document.createElement('button');
    again.textContent = chinese ? '重新登录' : 'Sign in again';
    again.addEventListener('click', () => window.location.reload());
    note.append(text, again);
    document.body.append(note);
    again.focus();
  }
})();

// Copies what is shown once. Where the page came over plain HTTP from another host the browser has no clipboard: the
// field is selected then, and copied the old way.
window.plumblineClipboard = {
  copy(text, field) {
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text);
      return;
    }
    field.inputElement.focus();
    field.inputElement.select();
    document.execCommand('copy');
  },
};
