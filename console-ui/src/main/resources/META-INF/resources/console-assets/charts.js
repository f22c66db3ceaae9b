// Charts of the console: Chart.js behind a few calls. Points come as [x0, y0, x1, y1, …].
window.plumblineCharts = (() => {
  const colours = ['#1a6fd4', '#c2410c', '#15803d', '#7c3aed'];
  const waiting = new WeakMap();

  function whenReady(work) {
    if (window.Chart) work();
    else setTimeout(() => whenReady(work), 50);
  }

  function draw(host, title, xTitle, names) {
    whenReady(() => {
      if (host.chart) host.chart.destroy();
      const canvas = document.createElement('canvas');
      host.replaceChildren(canvas);
      const text = getComputedStyle(host).color;
      const grid = 'rgba(128,128,128,0.2)';
      host.chart = new window.Chart(canvas, {
        type: 'line',
        data: {
          datasets: names.split('\n').map((label, i) => ({
            label, data: [], borderColor: colours[i % colours.length], backgroundColor: colours[i % colours.length],
            borderWidth: 2, pointRadius: i === 0 ? 0 : 4, tension: 0.2,
          })),
        },
        options: {
          animation: false, responsive: true, maintainAspectRatio: false, parsing: false,
          interaction: { mode: 'nearest', intersect: false },
          plugins: {
            title: { display: true, text: title, color: text },
            legend: { display: names.includes('\n'), labels: { color: text } },
          },
          scales: {
            x: { type: 'linear', title: { display: true, text: xTitle, color: text }, ticks: { color: text, precision: 0 }, grid: { color: grid } },
            y: { beginAtZero: false, ticks: { color: text }, grid: { color: grid } },
          },
        },
      });
      (waiting.get(host) || []).forEach((more) => add(host, ...more));
      waiting.delete(host);
    });
  }

  function add(host, line, points) {
    if (!host.chart) {
      waiting.set(host, [...(waiting.get(host) || []), [line, points]]);
      return;
    }
    const flat = JSON.parse(points);
    const data = host.chart.data.datasets[line].data;
    for (let i = 0; i < flat.length; i += 2) data.push({ x: flat[i], y: flat[i + 1] });
    host.chart.update('none');
  }

  // Stacked bars; names and columns are separated by line ends, values are a JSON list for each name.
  function bars(host, title, names, columns, values) {
    whenReady(() => {
      if (host.chart) host.chart.destroy();
      const canvas = document.createElement('canvas');
      host.replaceChildren(canvas);
      const text = getComputedStyle(host).color;
      const grid = 'rgba(128,128,128,0.2)';
      const parts = JSON.parse(values);
      host.chart = new window.Chart(canvas, {
        type: 'bar',
        data: {
          labels: columns.split('\n'),
          datasets: names.split('\n').map((label, i) => ({ label, data: parts[i], backgroundColor: colours[i % colours.length], maxBarThickness: 48 })),
        },
        options: {
          animation: false, responsive: true, maintainAspectRatio: false,
          interaction: { mode: 'index', intersect: false },
          plugins: { title: { display: true, text: title, color: text }, legend: { labels: { color: text } } },
          scales: {
            x: { stacked: true, ticks: { color: text, maxRotation: 0, autoSkipPadding: 12 }, grid: { display: false } },
            y: { stacked: true, beginAtZero: true, ticks: { color: text, precision: 0 }, grid: { color: grid } },
          },
        },
      });
    });
  }

  return { draw, add, bars };
})();
