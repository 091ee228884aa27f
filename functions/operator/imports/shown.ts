import * as z from "zod";
import { Generation } from "../../../shared/imports/generate.ts";
import { IMPORT_STATES } from "../../../shared/imports/model.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { Time } from "../../fields.ts";
import { RefusalReasons, RefusedLine } from "../shown.ts";

const made = {
  importId: z.string(),
  productId: z.string(),
  batchId: z.string(),
  layout: Layout.optional().meta({ description: "How the file is written." }),
  sealed: z.literal(true).optional().meta({ description: "The file was sealed before it was uploaded." }),
  generation: Generation.optional().meta({ description: "Codes of our own making: there is no file." }),
  dryRun: z.boolean(),
  unitCost: Money.optional().meta({ description: "What each code has cost us." }),
  supplierId: z.string().optional().meta({ description: "The supplier that is owed their cost." }),
  sharesCodes: z.literal(true).optional(),
  state: z.enum(IMPORT_STATES).meta({
    description:
      "`awaiting_file`: its upload address is out · `running` · `opening`: all of it is in and goes on sale, too late to cancel · " +
      "`finished` · `cancelling`: what was put in is being taken out · `cancelled` · `failed`: the file can't be read at all.",
  }),
  createdAt: Time,
  startedAt: Time.optional(),
  finishedAt: Time.optional(),
  bytes: z.int().optional().meta({ description: "Of the file; for codes of our own making, codes." }),
  segments: z.int(),
  bytesDone: z.int(),
  linesDone: z.int(),
  rowsDone: z.int().optional().meta({ description: "Lines that were not empty." }),
  imported: z.int(),
  refused: z.int(),
  reason: z.string().optional(),
  reasonAt: z.array(z.int()).optional().meta({ description: "The positions of the wrong columns, from 0." }),
};

export const Import = z.object(made).meta({ id: "Import", description: "An import of many codes." });

export const ImportProgress = z
  .object({
    ...made,
    percent: z.int(),
    linesPerSecond: z.int(),
    remainingSeconds: z.int().nullable(),
  })
  .meta({ id: "ImportProgress" });

export const NewImport = z
  .object({
    ...made,
    uploadUrl: z.string().meta({ description: "PUT the file there. Told this once." }),
    tagKey: z.string().optional().meta({ description: "For sealed files: the key of their tags, base64." }),
  })
  .meta({ id: "NewImport" });

export const ImportReport = z
  .object({
    imported: z.int().meta({ description: "Codes that are new in stock." }),
    present: z.int().meta({ description: "Codes that an earlier run of this very file has put there." }),
    refused: z.array(RefusedLine),
    reasons: RefusalReasons,
  })
  .meta({ id: "ImportReport" });

export const Refusals = z
  .object({ data: z.array(RefusedLine), reasons: RefusalReasons, nextCursor: z.string().nullable() })
  .meta({ id: "Refusals" });
