import type { Fixture } from "../fixtures/schema.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import type { Diagnosis } from "../programs/lstm/diagnosis/diagnosis.ts";
import type { EngineName } from "../programs/lstm/engines/engine.ts";
import type { FixName } from "../programs/lstm/fixes/fixes.ts";

/** A death of the LSTM on disk: the case that dies, and what is expected when it is run again. */
export interface LstmFixture extends Fixture<TrainingCase> {
  expected: Omit<Fixture["expected"], "reproducesOn"> &
    Omit<Diagnosis, "mechanism"> & { reproducesOn: EngineName[] };
  fixes?: { holds: FixName[]; fails: FixName[] } | undefined;
}

/** A fixture of the LSTM as it is on disk. */
export type StoredLstmFixture = StoredFixture<LstmFixture>;
