import type { Domain } from "../cases/domains.ts";
import type { Overrides } from "../cases/overrides.ts";

/**
 * The domain without what the overrides settle: a field that is given is the base's in every case that is
 * drawn. A number of units for each layer settles the number of layers too.
 */
export function pinned(domain: Domain, given: Overrides): Domain {
  const { layers, units, learningRate, ...rest } = domain;
  const uneven = given.units !== undefined && given.units.length > 1;
  const exactly = (size: number) => ({ min: size, max: size });
  return {
    ...rest,
    ...(layers && given.layers === undefined && !uneven && { layers }),
    ...(units && given.units === undefined && { units }),
    ...(learningRate && given.learningRate === undefined && { learningRate }),
    ...(given.batch !== undefined && { rows: exactly(given.batch) }),
    ...(given.maxLength !== undefined && { time: exactly(given.maxLength) }),
  };
}
