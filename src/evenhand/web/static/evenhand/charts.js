// Draws every [data-chart]: its options lie in the JSON script that it names. Bars with an address lead there.
(() => {
  "use strict";
  const drawn = new Set();
  const draw = (root) => {
    if (!window.echarts) return; // the table below each chart then stays visible
    for (const place of root.querySelectorAll("[data-chart]")) {
      const source = document.getElementById(place.dataset.chart);
      if (!source || drawn.has(place)) continue;
      const chart = window.echarts.init(place, null, { renderer: "svg" });
      const option = JSON.parse(source.textContent);
      const show = () => {
        chart.setOption(option);
        new ResizeObserver(() => { // a folded place has no size, and a map cannot be laid out in none
          if (place.clientWidth > 0 && place.clientHeight > 0) chart.resize();
        }).observe(place);
      };
      if (place.dataset.map) { // borders lie in a file of their own
        fetch(place.dataset.map).then((answer) => answer.json()).then((borders) => {
          window.echarts.registerMap(place.dataset.chart, borders);
          show();
        });
      } else show();
      chart.on("click", (event) => { if (event.data && event.data.url) window.location.assign(event.data.url); });
      place.classList.add("is-drawn");
      drawn.add(place);
    }
  };
  document.addEventListener("DOMContentLoaded", () => draw(document));
  document.addEventListener("htmx:load", (event) => draw(event.target));
})();
