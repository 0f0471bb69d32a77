// What the page uses of Apache ECharts: lines, bars, the map of a GeoJSON, axes and tooltips, drawn as SVG.
import { use } from "echarts/core";
import { BarChart, LineChart, MapChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, MapChart, GridComponent, TooltipComponent, SVGRenderer]);

export { init, registerMap, version } from "echarts/core";
