import { dotRow, normaliseGradientRow, normaliseRow } from "./normalise";
import { clearRun, sumLanes } from "./panel";
import { AXIS_TIME, entry, Layer, layerAt, NORMALISE_NAIVE, panelMask, Plan } from "./plan";

/** The layer whose outputs the loss is of. */
@inline
function top(plan: Plan): Layer {
  return layerAt(plan, plan.layerCount - 1);
}

/**
 * Unit vectors of targets and outputs at every packed row inside its row: targets in place, outputs into
 * the top layer's `hiddenGradient`.
 */
function normaliseRows(plan: Plan, layer: Layer): void {
  const stride = <usize>plan.stride;
  const panels = layer.unitPanels;
  for (let t = 0; t < plan.bound; t++) {
    let at = <usize>(entry(plan.offset, t) << 5);
    const end = at + (entry(plan.real, t) << 5);
    for (; at < end; at += 32) {
      const target = plan.target + at;
      normaliseRow(plan.normalise, plan.epsilon, target, stride, panels, target, stride, layer.mask);
      const unit = layer.hiddenGradient + at;
      normaliseRow(plan.normalise, plan.epsilon, layer.hidden + at, stride, panels, unit, stride, layer.mask);
    }
  }
}

/** Sum over rows and timesteps inside them of 1 - y.x. Entries are float32, their sum float64. */
function embeddingDistances(plan: Plan, layer: Layer): f64 {
  const stride = <usize>plan.stride;
  let sum: f64 = 0;
  for (let t = 0; t < plan.bound; t++) {
    let at = <usize>(entry(plan.offset, t) << 5);
    const end = at + (entry(plan.real, t) << 5);
    for (; at < end; at += 32) {
      const cosine = dotRow(layer.hiddenGradient + at, stride, plan.target + at, stride, layer.unitPanels);
      sum += <f64>(<f32>1 - cosine);
    }
  }
  return sum;
}

/** dots[rank, unit] += y x over the rows of one timestep and one panel. */
function addProducts(dots: usize, unit: usize, target: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += 16) {
    const p = f32x4.mul(v128.load(unit + at), v128.load(target + at));
    v128.store(dots + at, f32x4.add(v128.load(dots + at), p));
  }
}

/** Sum of 1 - dot over the ranks and lanes of a panel, in float64: lanes apart, then together. */
function oneMinus(dots: usize, bytes: i32, mask: usize): f64 {
  let low = f64x2.splat(0);
  let high = low;
  for (let at = 0; at < bytes; at += 16) {
    const e = v128.and(f32x4.sub(f32x4.splat(1), v128.load(dots + at)), v128.load(mask + (at & 16)));
    low = f64x2.add(low, f64x2.promote_low_f32x4(e));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(e, e, 2, 3, 2, 3)));
  }
  const s = f64x2.add(low, high);
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/** Sum over the first `rows` ranks and all units of 1 - sum over time of y x. */
function timeDistances(plan: Plan, layer: Layer, rows: i32): f64 {
  const carry = <usize>plan.carryStride;
  let sum: f64 = 0;
  for (let panel = 0; panel < layer.unitPanels; panel++) {
    const dots = plan.dots + panel * carry;
    clearRun(dots, plan.rows << 5);
    const at = panel * <usize>plan.stride;
    for (let t = 0; t < plan.bound; t++) {
      const start = at + (entry(plan.offset, t) << 5);
      addProducts(dots, layer.hiddenGradient + start, plan.target + start, entry(plan.real, t) << 5);
    }
    sum += oneMinus(dots, rows << 5, panelMask(plan, layer, panel));
  }
  return sum;
}

/** Whether every target in the padding is finite. */
function paddedTargetsFinite(plan: Plan, layer: Layer): bool {
  let sum: f32 = 0;
  for (let rank = 0; rank < plan.rows; rank++) {
    const row = plan.y + ((entry(plan.rowOfRank, rank) * plan.time * layer.units) << 2);
    let at = row + ((entry(plan.lengthOfRank, rank) * layer.units) << 2);
    const end = row + ((plan.time * layer.units) << 2);
    let lanes = f32x4.splat(0);
    for (; at + 16 <= end; at += 16) lanes = f32x4.add(lanes, f32x4.mul(v128.load(at), f32x4.splat(0)));
    for (; at < end; at += 4) sum += load<f32>(at) * 0;
    sum += sumLanes(lanes, f32x4.splat(0));
  }
  return sum == 0;
}

/** Rows of the batch that have at least one timestep. */
function rowsWithin(plan: Plan): i32 {
  let rows = 0;
  while (rows < plan.rows && entry(plan.lengthOfRank, rows) > 0) rows++;
  return rows;
}

/** Timesteps inside their rows, over the whole batch. */
function stepsWithin(plan: Plan): i32 {
  let steps = 0;
  for (let rank = 0; rank < plan.rows; rank++) steps += entry(plan.lengthOfRank, rank);
  return steps;
}

/** Number of distances that the mean is over. */
function distanceCount(plan: Plan, layer: Layer): i32 {
  if (plan.axis == AXIS_TIME) return (plan.masked ? rowsWithin(plan) : plan.rows) * layer.units;
  return plan.masked ? stepsWithin(plan) : plan.rows * plan.time;
}

/**
 * The cosine distance: the mean of 1 - sum y x along the axis, y and x the unit vectors of outputs and
 * targets. In the padding the output is 0, so a product there is 0, and the distance along the
 * embedding 1; it is NaN where a target there is not finite (0 * Infinity), and always in the naive
 * form (0/0). Masked padding counts for nothing at all.
 */
export function cosineDistance(plan: Plan): f32 {
  const layer = top(plan);
  normaliseRows(plan, layer);
  const count = distanceCount(plan, layer);
  let sum: f64;
  if (plan.axis == AXIS_TIME) sum = timeDistances(plan, layer, plan.masked ? rowsWithin(plan) : plan.rows);
  else sum = embeddingDistances(plan, layer);
  if (!plan.masked) {
    const padded = plan.rows * plan.time - stepsWithin(plan);
    if (plan.axis != AXIS_TIME) sum += <f64>padded;
    if (padded > 0 && (plan.normalise == NORMALISE_NAIVE || !paddedTargetsFinite(plan, layer))) sum = NaN;
  }
  return <f32>(sum / <f64>max(count, 1));
}

/**
 * d loss / d output into the top layer's `hiddenGradient`: the gradient by the unit vector is
 * -target / count at every timestep inside its row, for both axes. A discarded step's output was thrown away:
 * its gradient is 0.
 */
export function cosineGradient(plan: Plan): void {
  const layer = top(plan);
  const stride = <usize>plan.stride;
  const panels = layer.unitPanels;
  const factor = <f32>-1 / <f32>max(distanceCount(plan, layer), 1);
  for (let t = 0; t < plan.bound; t++) {
    const start = <usize>(entry(plan.offset, t) << 5);
    const end = start + (entry(plan.real, t) << 5);
    for (let at = start; at < end; at += 32)
      normaliseGradientRow(
        plan.normalise,
        plan.epsilon,
        layer.hidden + at,
        plan.target + at,
        factor,
        stride,
        panels,
        layer.hiddenGradient + at,
        layer.mask,
      );
    const discarded = (entry(plan.active, t) - entry(plan.real, t)) << 5;
    for (let panel = 0; panel < panels && discarded > 0; panel++)
      clearRun(layer.hiddenGradient + panel * stride + end, discarded);
  }
}
