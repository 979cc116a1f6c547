import uPlot from 'uplot';
import type { Lane } from './lane.ts';
import { LATENCY_EDGES_MS, RATE_SECONDS } from './probes.ts';

const HEIGHT_PX = 220;

/** The two live charts, each with all lanes in it. */
export class Charts {
  readonly #histogramBox: HTMLElement;
  readonly #rateBox: HTMLElement;
  #lanes: readonly Lane[] = [];
  #histogram: uPlot | undefined;
  #rate: uPlot | undefined;

  constructor(histogramBox: HTMLElement, rateBox: HTMLElement) {
    this.#histogramBox = histogramBox;
    this.#rateBox = rateBox;
    const resize = new ResizeObserver(() => this.#resize());
    resize.observe(histogramBox);
    resize.observe(rateBox);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.show(this.#lanes));
  }

  /** Draws anew, in the colours that hold now. */
  show(lanes: readonly Lane[]): void {
    this.#lanes = lanes;
    this.#histogram?.destroy();
    this.#rate?.destroy();
    this.#histogram = new uPlot(
      histogramOptions(lanes, width(this.#histogramBox)),
      histogramData(lanes),
      this.#histogramBox,
    );
    this.#rate = new uPlot(rateOptions(lanes, width(this.#rateBox)), rateData(lanes), this.#rateBox);
  }

  update(): void {
    this.#histogram?.setData(histogramData(this.#lanes));
    this.#rate?.setData(rateData(this.#lanes));
  }

  #resize(): void {
    this.#histogram?.setSize({ width: width(this.#histogramBox), height: HEIGHT_PX });
    this.#rate?.setSize({ width: width(this.#rateBox), height: HEIGHT_PX });
  }
}

function width(box: HTMLElement): number {
  return Math.max(240, box.clientWidth);
}

function histogramData(lanes: readonly Lane[]): uPlot.AlignedData {
  return [LATENCY_EDGES_MS.map((_, index) => index), ...lanes.map((lane) => lane.probes.histogram())];
}

/** Whole seconds, the running one left out. */
function rateData(lanes: readonly Lane[]): uPlot.AlignedData {
  const last = Math.floor(performance.now() / 1_000) - 1;
  const seconds = Array.from({ length: RATE_SECONDS }, (_, index) => last - RATE_SECONDS + 1 + index);
  return [
    seconds.map((second) => second - last),
    ...lanes.map((lane) => seconds.map((second) => lane.probes.messagesIn(second))),
  ];
}

function histogramOptions(lanes: readonly Lane[], widthPx: number): uPlot.Options {
  const bars = uPlot.paths.bars;
  const size: [number, number] = [0.9 / Math.max(1, lanes.length), 40];
  return {
    ...common(widthPx),
    scales: { x: { time: false, range: [-1, LATENCY_EDGES_MS.length] }, y: { range: fromZero } },
    axes: [
      { ...axis(), size: 30, values: (_, ticks) => ticks.map(edgeText) },
      { ...axis(), size: 44 },
    ],
    series: [
      { value: (_, index) => edgeText(index) },
      ...lanes.map((lane, position) => ({
        label: lane.title,
        stroke: colour(`--${lane.name}`),
        fill: `${colour(`--${lane.name}`)}${lanes.length > 1 ? 'b0' : 'd0'}`,
        paths: bars?.({ size, align: lanes.length === 1 ? 0 : position === 0 ? -1 : 1 }),
        points: { show: false },
      })),
    ],
  };
}

function rateOptions(lanes: readonly Lane[], widthPx: number): uPlot.Options {
  return {
    ...common(widthPx),
    scales: { x: { time: false, range: [1 - RATE_SECONDS, 0] }, y: { range: fromZero } },
    axes: [
      { ...axis(), size: 30, values: (_, ticks) => ticks.map((tick) => `${tick} s`) },
      { ...axis(), size: 44 },
    ],
    series: [
      { value: (_, second) => (second === null ? '' : `${second} s`) },
      ...lanes.map((lane, position) => ({
        label: lane.title,
        stroke: colour(`--${lane.name}`),
        width: 2,
        dash: position === 0 ? undefined : [6, 4],
        points: { show: false },
      })),
    ],
  };
}

function common(widthPx: number) {
  return {
    width: widthPx,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
  };
}

function axis() {
  const stroke = colour('--text-soft');
  const line = { stroke: colour('--line'), width: 1 };
  return { stroke, grid: line, ticks: line, font: '12px system-ui, sans-serif' };
}

function fromZero(_plot: uPlot, _min: number, max: number): [number, number] {
  return [0, Math.max(5, max * 1.1)];
}

/** The upper edge of a bucket, where the axis has one. */
function edgeText(index: number | null): string {
  const edge = index === null ? undefined : LATENCY_EDGES_MS[index];
  if (edge === undefined) return '';
  return edge < 1 ? `${edge.toFixed(2)} ms` : `${Math.round(edge)} ms`;
}

/** A six-digit colour of the style sheet. */
function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
