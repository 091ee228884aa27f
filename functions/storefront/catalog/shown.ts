import * as z from "zod";
import { ProductKind } from "../../../shared/catalog/model.ts";
import { Availability } from "../../../shared/inventory/available.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { Time } from "../../fields.ts";

export const Product = z
  .object({
    id: z.string(),
    kind: ProductKind,
    name: z.string(),
    price: Money.meta({ description: "What one piece costs the channel." }),
    retailPrice: Money.meta({
      description: "What a buyer pays for one piece at checkout. The difference is the channel's margin.",
    }),
    availability: Availability.meta({ description: "A few seconds old; the order decides. `low`: fewer than 10." }),
    asOf: Time.optional().meta({ description: "How old the suppliers' word is that the availability rests on." }),
  })
  .meta({
    id: "Product",
    description: "A product at this channel's price.",
    examples: [
      {
        id: `prod_${"0".repeat(26)}`,
        kind: "code",
        name: "Music, one month",
        price: { amount: 1500, currency: "CNY" },
        retailPrice: { amount: 1800, currency: "CNY" },
        availability: "in_stock",
      },
    ],
  });
