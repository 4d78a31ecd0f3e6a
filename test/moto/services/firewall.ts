// AWS WAF.
// @see https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html
import type { Translations } from "./translation.ts";

export const firewall: Translations = {
    "aws:wafv2/webAcl:WebAcl": {
        up: async ({ call, input, text }) => {
            const made = await call("wafv2.CreateWebACL", { ...input("name"), name: text("name") });
            const summary = made?.["Summary"] as Record<string, string> | undefined;
            return summary && { id: summary["Id"]!, arn: summary["ARN"]! };
        },
        down: async ({ call, asked, text }) => {
            const found = { name: text("name"), scope: text("scope"), id: asked.id };
            const acl = await call("wafv2.GetWebACL", found);
            await call("wafv2.DeleteWebACL", { ...found, lockToken: acl?.["LockToken"] as string });
        },
    },
};
