import * as z from "zod";
import { PROBLEM_CODES } from "../../shared/kernel/problem.ts";
import { refusalReasons } from "../../shared/stock-files/refusals.ts";
import { Time } from "../fields.ts";

// What several domains show to operators.

export const Change = z
  .object({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })
  .meta({
    id: "Change",
    description: "One field that changed. Without `before` it was not there; without `after` it is there no more.",
  });

const Facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).optional());

export const AuditRecord = z
  .object({
    subject: z.string().meta({ description: "What it was done to." }),
    at: Time,
    action: z.string(),
    by: z.string().meta({ description: "The principal, or what acted by itself." }),
    person: z.string().optional().meta({ description: "The person behind the principal, where that counts." }),
    requestId: z.string(),
    correlationId: z.string().optional().meta({ description: "The id in the log lines of the request." }),
    from: z.string().optional().meta({ description: "The address that it came from." }),
    note: z.string().optional(),
    what: Facts.optional().meta({ description: "Of something that was made, moved or asked for." }),
    before: Facts.optional(),
    after: Facts.optional(),
    refused: z.enum(PROBLEM_CODES).optional().meta({ description: "It was refused, and nothing was changed." }),
    unfinished: z
      .enum(PROBLEM_CODES)
      .optional()
      .meta({ description: "It failed on our side; all, a part or nothing of it may be done." }),
  })
  .meta({ id: "AuditRecord", description: "Who did what to which thing, when, in which request." });

export const RefusedLine = z
  .object({
    line: z.int(),
    reason: z.enum(refusalReasons),
    character: z.string().optional().meta({ description: "The character that nobody can see." }),
    productId: z.string().optional().meta({ description: "The product that has the code." }),
  })
  .meta({ id: "RefusedLine", description: "A line of a file that gave no code." });

export const RefusalReasons = z
  .partialRecord(z.enum(refusalReasons), z.string())
  .meta({ description: "A sentence for each reason." });
