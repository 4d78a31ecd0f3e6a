// The windows of an RDS instance. Does not prove that AWS counts as we do: its rule is that the two may not overlap.
import { describe, expect, test } from "vitest";
import { rdsWindows, windowsOverlap } from "../../../lib/rds-windows.ts";

describe("windows overlap", () => {
    test.each([
        ["02:00-03:00", "sun:03:00-sun:04:00", false],
        ["02:00-03:00", "sun:02:30-sun:03:30", true],
        ["02:00-03:00", "wed:01:30-wed:02:30", true],
        ["02:00-03:00", "wed:01:00-wed:02:00", false],
        // Over midnight, and over the week's end.
        ["23:30-00:30", "mon:00:00-mon:01:00", true],
        ["23:30-00:30", "sat:23:45-sun:00:15", true],
        ["23:30-00:30", "sun:00:30-sun:01:30", false],
        ["12:00-13:00", "sat:22:00-sun:04:00", false],
        ["01:00-02:00", "sat:22:00-sun:04:00", true],
    ])("%s and %s: %s", (backupWindow, maintenanceWindow, overlap) => {
        expect(windowsOverlap({ backupWindow, maintenanceWindow })).toBe(overlap);
    });
});

describe("what is not given", () => {
    test.each([
        [{}, { backupWindow: "02:00-03:00", maintenanceWindow: "sun:03:00-sun:04:00" }],
        [{ backupWindow: "03:00-04:00" }, { backupWindow: "03:00-04:00", maintenanceWindow: "sun:05:00-sun:06:00" }],
        [
            { maintenanceWindow: "tue:02:30-tue:03:00" },
            { backupWindow: "04:00-05:00", maintenanceWindow: "tue:02:30-tue:03:00" },
        ],
        // A maintenance window of a whole day leaves no hour: AWS chooses.
        [{ maintenanceWindow: "sun:00:00-mon:00:00" }, { maintenanceWindow: "sun:00:00-mon:00:00" }],
        [
            { backupWindow: "00:00-01:00", maintenanceWindow: "mon:00:00-mon:01:00" },
            { backupWindow: "00:00-01:00", maintenanceWindow: "mon:00:00-mon:01:00" },
        ],
    ])("%j becomes %j", (given, found) => {
        expect(rdsWindows(given)).toEqual(found);
    });
});
