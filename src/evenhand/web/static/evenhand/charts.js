// Draws every [data-chart]: its options lie in the JSON script that it names. Rows of bars, and places of a map, lead to their address.
(() => {
  "use strict";
  const drawn = new Set();
  const draw = (root) => {
    if (!window.echarts) return; // the table below each chart then stays visible
    for (const place of root.querySelectorAll("[data-chart]")) {
      const source = document.getElementById(place.dataset.chart);
      if (!source || drawn.has(place)) continue;
      place.classList.add("is-drawn"); // first: until then it has no size, and nothing can be laid out in none
      drawn.add(place);
      const chart = window.echarts.init(place, null, { renderer: "svg" });
      const option = JSON.parse(source.textContent);
      const show = () => {
        let isShown = false;
        new ResizeObserver(() => { // also called once at the start; a folded place waits until it opens
          if (!place.clientWidth || !place.clientHeight) return;
          chart.resize();
          if (!isShown) chart.setOption(option);
          isShown = true;
        }).observe(place);
      };
      if (place.dataset.map) { // borders lie in a file of their own
        fetch(place.dataset.map).then((answer) => answer.json()).then((borders) => {
          window.echarts.registerMap(place.dataset.chart, borders);
          show();
        });
      } else show();
      const lead = (item) => { if (item && item.url) window.location.assign(item.url); };
      const [series] = option.series;
      if (series.type === "bar") { // the whole row leads on, its name too: a short bar is no target for a finger
        const row = (event) => {
          const spot = chart.convertFromPixel({ seriesIndex: 0 }, [event.offsetX, event.offsetY]);
          return spot && series.data[spot[1]];
        };
        chart.getZr().on("click", (event) => lead(row(event)));
        chart.getZr().on("mousemove", (event) => {
          const item = row(event);
          chart.getZr().setCursorStyle(item && item.url ? "pointer" : "default");
        });
      } else chart.on("click", (event) => lead(event.data));
    }
  };
  document.addEventListener("DOMContentLoaded", () => draw(document));
  document.addEventListener("htmx:load", (event) => draw(event.target));
})();
