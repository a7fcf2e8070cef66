// The part of ECharts that the pages use, as the global `echarts`: SVG only; the words of the core are Chinese where <html lang="zh-CN">.
import { use } from "echarts/core";
import { BarChart, HeatmapChart, LineChart, MapChart, PieChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent, DatasetComponent, GeoComponent, GridComponent, LegendComponent, TitleComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, HeatmapChart, LineChart, MapChart, PieChart, ScatterChart]);
use([AriaComponent, DatasetComponent, GeoComponent, GridComponent, LegendComponent, TitleComponent, TooltipComponent, VisualMapComponent]);
use([SVGRenderer]);

export * from "echarts/core";
