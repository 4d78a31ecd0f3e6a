// Gitea with SQLite and without C: its own command takes the driver that needs a C compiler, so this one puts modernc's in its place.
// Pages of its web interface are not in its module, so what this serves is the API, and git by HTTP.
package main

import (
	"database/sql"
	"database/sql/driver"
	"os"
	"strings"
	"time"

	"code.gitea.io/gitea/cmd"
	"code.gitea.io/gitea/modules/log"
	"code.gitea.io/gitea/modules/setting"
	_ "code.gitea.io/gitea/modules/markup/markdown"
	"modernc.org/sqlite"
)

const version = "1.26.0"

// What waits for another writer does so for this long: all of a test's requests at once.
const options = "?_pragma=busy_timeout(20000)&_pragma=journal_mode(WAL)&_txlock=immediate"

type sqlite3 struct{ sqlite.Driver }

// The name has the other driver's options behind the file's.
func (d *sqlite3) Open(name string) (driver.Conn, error) {
	file, _, _ := strings.Cut(name, "?")
	return d.Driver.Open(file + options)
}

func init() {
	sql.Register("sqlite3", &sqlite3{})
	setting.EnableSQLite3 = true
	setting.SupportedDatabaseTypes = append(setting.SupportedDatabaseTypes, "sqlite3")
	setting.AppVer = version
	setting.AppStartTime = time.Now().UTC()
}

func main() {
	err := cmd.RunMainApp(cmd.NewMainApp(cmd.AppVersion{Version: version}), os.Args...)
	log.GetManager().Close()
	if err != nil {
		os.Exit(1)
	}
}
