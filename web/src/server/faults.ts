// What went wrong with a call, in words and by field.
import { Code, ConnectError } from "@connectrpc/connect";
import {
  BadRequestSchema,
  PreconditionFailureSchema,
  QuotaFailureSchema,
} from "../api/google/rpc/error_details_pb";

/** One thing that is wrong with what was sent. */
export interface Fault {
  /** "rules.yaml:6: experiment.rule.etta", as the server names it. */
  field: string;
  description: string;
}

export const faultOf = (thrown: unknown): ConnectError =>
  ConnectError.from(thrown);

/** Every fault that the server found, in its order. */
export function faultsOf(thrown: unknown): Fault[] {
  const error = faultOf(thrown);
  const faults = error
    .findDetails(BadRequestSchema)
    .flatMap((detail) => detail.fieldViolations)
    .map(({ field, description }) => ({ field, description }));
  if (faults.length > 0) return faults;
  const others = [
    ...error.findDetails(QuotaFailureSchema).flatMap((d) => d.violations),
    ...error
      .findDetails(PreconditionFailureSchema)
      .flatMap((d) => d.violations),
  ].map(({ subject, description }) => ({ field: subject, description }));
  return others;
}

/** In one sentence, for people. */
export function messageOf(thrown: unknown): string {
  const error = faultOf(thrown);
  if (isAway(thrown)) return "The server cannot be reached.";
  const faults = faultsOf(thrown);
  const first = faults[0];
  if (first && !error.rawMessage.includes(first.description)) {
    return `${error.rawMessage}: ${first.description}`;
  }
  return error.rawMessage || Code[error.code];
}

/** Whether nobody answered, so that the same call may go through later. */
export function isAway(thrown: unknown): boolean {
  const error = faultOf(thrown);
  return (
    error.code === Code.Unavailable ||
    (error.code === Code.Unknown && error.cause instanceof TypeError)
  );
}

export const isLoggedOut = (thrown: unknown): boolean =>
  faultOf(thrown).code === Code.Unauthenticated;

export const wasAborted = (thrown: unknown): boolean =>
  faultOf(thrown).code === Code.Canceled;
