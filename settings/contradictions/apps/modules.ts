// The Python package of an app, where a file in it was named.
import { setCommand, settingPath } from "../../problems.ts";
import { placedApps } from "./apps.ts";
import { contradiction } from "../contradiction.ts";

/** What a project's package has in it. `shop.wsgi` would make gunicorn import `shop.wsgi.wsgi`. */
const file = /^(?:(.+)\.)?(asgi|celery|manage|settings|urls|wsgi)(?:\.app(?:lication)?)?$/;

export const fileForModule = contradiction(["apps"], ({ apps }) =>
    placedApps(apps).flatMap(({ app, at }) => {
        const [, itsPackage, name] = (app.contract === "django" && file.exec(app.module)) || [];
        // A project may be called settings or celery; one that is called wsgi has no package.
        if (app.contract !== "django" || name === undefined || (itsPackage === undefined && !/^[aw]sgi$/.test(name))) {
            return [];
        }
        const path = settingPath([...at, "module"]);
        return [
            {
                path,
                found: JSON.stringify(app.module),
                allowed: `the package that has ${name}.py in it: the program appends .wsgi for gunicorn, and Celery looks for celery.py in it`,
                fix: setCommand(path, itsPackage ?? "PACKAGE"),
            },
        ];
    }),
);
