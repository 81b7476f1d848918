// What a user can do to runs and experiments.
import type { Experiment } from "../api/engram/v1/experiments_pb";
import { experiments, newRequestId } from "./client";

export const cancel = (name: string) =>
  experiments.cancel({ name, requestId: newRequestId() });

export const retry = (name: string) =>
  experiments.retry({ name, requestId: newRequestId() });

export const continueRun = (name: string) =>
  experiments.continue({ name, requestId: newRequestId() });

/** Replaces tags and notes; somebody else's change meanwhile is refused. */
export const annotate = (
  { name, etag }: Experiment,
  tags: readonly string[],
  notes: string,
) =>
  experiments.updateExperiment({
    experiment: { name, etag, tags: [...tags], notes },
    updateMask: { paths: ["tags", "notes"] },
    requestId: newRequestId(),
  });

export const remove = (name: string, etag: string) =>
  experiments.deleteExperiment({ name, etag, requestId: newRequestId() });
