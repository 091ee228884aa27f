import { workOnCases } from "../../needs.ts";
import type { Workers } from "../../runtime/worker.ts";

export const workers = {
  casesSchedule: {
    failing:
      "What buyers ask for after the sale is not done: decided refunds don't go out, and nobody hears of cases that are late.",
    trigger: "schedule",
    jobs: {
      careCases: { everyMinutes: 1, needs: { ...workOnCases, listedIndex: ["Query"] } },
    },
  },
} as const satisfies Workers;
