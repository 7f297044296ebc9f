package fault

// Codes of requests and mistakes of the program itself.
const (
	// Internal is a mistake of ours. Its details are for whoever helps.
	Internal Code = "internal"
	// InvalidRequest is a request with refused fields.
	InvalidRequest Code = "invalid_request"
	// InvalidJSON is text that should be JSON and is not. Values: reason
	// (ends, unexpected, several or kind), line, column.
	InvalidJSON Code = "invalid_json"
	// TooLarge is a request over the limit. Values: limit (bytes or items).
	TooLarge Code = "too_large"
	// Usage is a command line that cannot be understood. Values: reason, where it is known.
	Usage Code = "usage"
	// NotFound is a thing that does not exist. Values: what, id.
	NotFound Code = "not_found"
	// Ambiguous is a name that several things have. Values: what, name.
	Ambiguous Code = "ambiguous"
)

// Codes of people and their PINs.
const (
	// Forbidden is a thing that this person may not do.
	Forbidden Code = "forbidden"
	// NotSignedIn is a call by nobody where people have PINs.
	NotSignedIn Code = "not_signed_in"
	// WrongPIN is a PIN that is not the person's. Values: name.
	WrongPIN Code = "wrong_pin"
	// WrongCode is a recovery code that is not this laptop's.
	WrongCode Code = "wrong_code"
	// TooManyTries is a secret that was tried too soon after wrong ones.
	// Values: count (of the seconds to wait).
	TooManyTries Code = "too_many_tries"
	// PINNeeded is a PIN that cannot be asked for, without a terminal. Values:
	// name.
	PINNeeded Code = "pin_needed"
	// NoPINs is something that is for laptops where people have PINs.
	NoPINs Code = "no_pins"
	// LastCoordinator is the only coordinator, who has to stay one. Values:
	// name.
	LastCoordinator Code = "last_coordinator"
)

// Codes of jobs.
const (
	// IllegalMove is a change that the job's state does not allow. Values:
	// id, state, action.
	IllegalMove Code = "illegal_move"
	// AlreadyRunning is a change that must wait for a running job. Values: id.
	AlreadyRunning Code = "already_running"
	// Interrupted is an attempt that ended because the program died.
	Interrupted Code = "interrupted"
	// Poisoned is a job during which the program died again and again.
	// Values: count.
	Poisoned Code = "poisoned"
	// Panicked is an attempt that ended in a programming mistake.
	Panicked Code = "panicked"
	// TaskMissing is a job of a task that is not installed. Values: task.
	TaskMissing Code = "task_missing"
	// ItemsFailed is a job that was asked to fail when any item does.
	// Values: count.
	ItemsFailed Code = "items_failed"
)

// Codes of the data folder and the programs that use it.
const (
	// InUse is a data folder that another process owns. Values: path, pid.
	InUse Code = "in_use"
	// OwnerLost is an owner of the data folder that ended before it said what
	// became of a request that was handed to it.
	OwnerLost Code = "owner_lost"
	// OtherVersion is an owner of the data folder of another version, to which
	// nothing can be handed.
	OtherVersion Code = "other_version"
	// PageEnded is a page of the window whose process ended. It is opened again,
	// and nothing else ended with it.
	PageEnded Code = "page_ended"
	// Garbled is a request of another process that cannot be understood.
	Garbled Code = "garbled"
	// NewerData is a data folder made by a newer Nectar. Values: path.
	NewerData Code = "newer_data"
	// DamagedData is a database of ours that SQLite finds damaged. Values: path.
	DamagedData Code = "damaged_data"
	// DataSetAside is a damaged database that was set aside while there is a
	// backup. Values: path, backup, made (where it is now, name, local time).
	DataSetAside Code = "data_set_aside"
	// DataSetAsideAlone is a damaged database that was set aside while there
	// is no backup. Values: path, where it is now.
	DataSetAsideAlone Code = "data_set_aside_alone"
	// ChangesLost is a database that lacks the last changes before the program
	// died.
	ChangesLost Code = "changes_lost"
	// BackupDamaged is a backup that is not whole. Values: name.
	BackupDamaged Code = "backup_damaged"
	// ForeignData is a database of some other program. Values: path.
	ForeignData Code = "foreign_data"
)

// Codes of this laptop: its disks, and how the program was built.
const (
	// DiskFull is a disk with too little room. Values: needed, free, path
	// (bytes, bytes, folder).
	DiskFull Code = "disk_full"
	// NoWrite is a place that cannot be written. Values: path.
	NoWrite Code = "no_write"
	// NoRead is a place that cannot be read. Values: path.
	NoRead Code = "no_read"
	// NoWindow is a program that was built without a window.
	NoWindow Code = "no_window"
	// WindowParts are parts of the system that the window needs and that are not
	// installed. Values: parts, package.
	WindowParts Code = "window_parts"
	// NoWebView2 is a Windows that lacks what draws the window.
	NoWebView2 Code = "no_webview2"
)

// Codes of the refused fields of a request.
const (
	// FieldRequired is a field that is missing.
	FieldRequired Code = "required"
	// FieldUnknown is a field that the task does not know.
	FieldUnknown Code = "unknown"
	// FieldType is a value of the wrong type. Values: want.
	FieldType Code = "type"
	// FieldTask is no registered task. Values: value.
	FieldTask Code = "task"
	// FieldFormat is a text of the wrong form. Values: want, value.
	FieldFormat Code = "format"
	// FieldRange is a number outside its limits. Values: min, max.
	FieldRange Code = "range"
	// FieldMin is a number below its least value. Values: min.
	FieldMin Code = "min"
	// FieldMax is a number above its greatest value. Values: max.
	FieldMax Code = "max"
	// FieldLength is a text that is too short or too long. Values: min, max
	// (characters).
	FieldLength Code = "length"
	// FieldShort is a text that is too short. Values: min (characters).
	FieldShort Code = "short"
	// FieldLong is a text that is too long. Values: max (characters).
	FieldLong Code = "long"
	// FieldFew is a list with too few entries. Values: min.
	FieldFew Code = "too_few"
	// FieldMany is a list with too many entries. Values: max.
	FieldMany Code = "too_many"
	// FieldChoice is a value that is none of the choices. Values: choices.
	FieldChoice Code = "choice"
	// FieldExclusive is a field that excludes another. Values: other.
	FieldExclusive Code = "exclusive"
	// FieldNeeds is a field that requires another. Values: other.
	FieldNeeds Code = "needs"
	// FieldPIN is no PIN. Values: min, max (digits).
	FieldPIN Code = "pin"
	// FieldName is no name of a person. Values: max (characters).
	FieldName Code = "name"
	// FieldTaken is a name that another person has. Values: value.
	FieldTaken Code = "taken"
	// FieldOccupied is a path where something else lies. Values: value.
	FieldOccupied Code = "occupied"
	// FieldCron is no cron expression, or one of times that never come. Values: reason
	// ("written" or "never"), and of the former detail, in English.
	FieldCron Code = "cron"
)

// Codes of channels and where they come from.
const (
	// SourceMissing is a drive, folder or server that is not there. Values: path.
	SourceMissing Code = "source_missing"
	// SourceGone is a source that went away during the work. Values: path.
	SourceGone Code = "source_gone"
	// SourceEmpty is a folder without KOLIBRI_DATA. Values: path.
	SourceEmpty Code = "source_empty"
	// SourceIsOurs is an import from our own data folder. Values: path.
	SourceIsOurs Code = "source_is_ours"
	// ChannelMissing is a channel that the source does not hold. Values:
	// channel, path. Where near is one more value, it is the name of a channel
	// there that may have been meant.
	ChannelMissing Code = "channel_missing"
	// ChannelNotHere is a channel that is not on this laptop. Values: channel.
	// Where near is one more value, it is the name of one here that may have been
	// meant.
	ChannelNotHere Code = "channel_not_here"
	// ListUnreadable is another channel on this laptop whose database cannot be
	// read, so that nobody knows which files it needs. Values: channel.
	ListUnreadable Code = "list_unreadable"
	// FileStuck is a file that the system does not let go. Values: title, file.
	FileStuck Code = "file_stuck"
	// ContentAway is a content folder that was put elsewhere and is not there
	// now. Values: path.
	ContentAway Code = "content_away"
	// ContentReadOnly is an adopted content folder that was not taken over.
	// Values: path.
	ContentReadOnly Code = "content_read_only"
	// ContentNotEmpty is a laptop that has channels of its own, in place of
	// which a folder is to be adopted. Values: path.
	ContentNotEmpty Code = "content_not_empty"
	// KolibriRunning is a Kolibri that runs on a content folder. Values: path,
	// pid.
	KolibriRunning Code = "kolibri_running"
	// MoveInside is a new place of the content folder that overlaps with where it
	// is. Values: path.
	MoveInside Code = "move_inside"
	// PlaceNotEmpty is a folder for the content folder where something else
	// lies. Values: path.
	PlaceNotEmpty Code = "place_not_empty"
	// NodeMissing is a topic or resource that the channel does not hold.
	// Values: node, channel.
	NodeMissing Code = "node_missing"
)

// Codes of exports, updates and lists of channels.
const (
	// NothingHere is an export of resources of which none is on this laptop.
	// Values: channel.
	NothingHere Code = "nothing_here"
	// ManifestDamaged is a file that is no manifest of channels. Values: path.
	ManifestDamaged Code = "manifest_damaged"
	// ManifestLacks is a manifest that lists nothing of a channel that the
	// source has. Values: path, channel.
	ManifestLacks Code = "manifest_lacks"
	// OlderVersion is an update to a version before the one that is here.
	// Values: channel, path, there, here.
	OlderVersion Code = "older_version"
	// TargetIsOurs is an export to our own content folder. Values: path.
	TargetIsOurs Code = "target_is_ours"
	// TargetNewer is an export to where a newer version of the channel is.
	// Values: channel, path, there, here.
	TargetNewer Code = "target_newer"
	// FileTooLarge is a file larger than a file system takes, such as 4 GiB of
	// FAT. Values: title, file, size, limit, path.
	FileTooLarge Code = "file_too_large"
	// NameForbidden is a folder whose name a file system does not take. Values:
	// name, path.
	NameForbidden Code = "name_forbidden"
	// WriteDamaged is a file that was written and reads back otherwise.
	// Values: title, file.
	WriteDamaged Code = "write_damaged"
	// DriveBusy is a drive that cannot be ejected while something uses it.
	// Values: path.
	DriveBusy Code = "drive_busy"
	// NoEject is a drive that nothing here can eject. Values: path.
	NoEject Code = "no_eject"
)

// Codes of channel databases.
const (
	// DatabaseEmpty is a channel database of no bytes. Values: file.
	DatabaseEmpty Code = "database_empty"
	// DatabaseDamaged is a truncated or corrupt channel database. Values: file.
	DatabaseDamaged Code = "database_damaged"
	// NotADatabase is a file that is no SQLite database. Values: file.
	NotADatabase Code = "not_a_database"
	// NotAChannel is a SQLite database of some other kind. Values: file.
	NotAChannel Code = "not_a_channel"
	// SchemaTooNew is a channel database of a later generation. Values:
	// file, version.
	SchemaTooNew Code = "schema_too_new"
	// SchemaUnknown is a channel database that declares a generation nobody
	// knows. Values: file, version.
	SchemaUnknown Code = "schema_unknown"
	// WrongChannel is a database named for another channel than it holds.
	// Values: file, holds.
	WrongChannel Code = "wrong_channel"
	// UnsafeDatabase is a channel database with something in it that has no
	// business there: a trigger, a view, a path for a file name. Values:
	// file, reason.
	UnsafeDatabase Code = "unsafe_database"
	// BrokenTree is a channel database whose topics form no tree. Values:
	// file, reason.
	BrokenTree Code = "broken_tree"
)

// Codes of newer versions of the program on drives.
const (
	// NoUpdate is an update that is not, or no longer, on any drive.
	NoUpdate Code = "no_update"
	// UpdateUntrusted is an update that was not signed with the key of this
	// program. Values: path.
	UpdateUntrusted Code = "update_untrusted"
	// UpdateElsewhere is an update without a package for this system, or for the
	// way in which this program was installed. Values: version, path.
	UpdateElsewhere Code = "update_elsewhere"
	// UpdateDamaged is a package that is not as it was signed. Values: version,
	// path.
	UpdateDamaged Code = "update_damaged"
	// UpdateFailed is a package that could not be installed. Values: version,
	// reason.
	UpdateFailed Code = "update_failed"
	// UpdateReturned is a new version that did not start, so that this one is
	// back. Values: version.
	UpdateReturned Code = "update_returned"
)

// Codes of the files of resources.
const (
	// FileMissing is a file that the source lacks. Values: title, file.
	FileMissing Code = "file_missing"
	// FileDamaged is a file whose bytes do not match its name. Values:
	// title, file.
	FileDamaged Code = "file_damaged"
	// FileUnreadable is a file that the source fails to read. Values:
	// title, file.
	FileUnreadable Code = "file_unreadable"
	// FileIsLink is a link or device in place of a file. Values: title, file.
	FileIsLink Code = "file_is_link"
	// ResourceNotHere is a resource without the files on this laptop that show
	// it. Values: title.
	ResourceNotHere Code = "resource_not_here"
	// NoViewer is a resource that nothing here can show. Values: title.
	NoViewer Code = "no_viewer"
	// NoProgram is a system without a program that shows a file. Values: title,
	// extension.
	NoProgram Code = "no_program"
	// FileNotServed is a file that a server does not give. Values: title, file.
	FileNotServed Code = "file_not_served"
	// StoredMissing is a file that was on this laptop and is gone. Values:
	// title, file.
	StoredMissing Code = "stored_missing"
	// StoredDamaged is a file on this laptop whose bytes do not match its name.
	// Values: title, file.
	StoredDamaged Code = "stored_damaged"
)

// Codes of servers.
const (
	// NotKolibri is an address at which something else than Kolibri answers.
	// Values: path.
	NotKolibri Code = "not_kolibri"
	// ServerBusy is a server that is there and fails to answer. Values: path.
	ServerBusy Code = "server_busy"
	// ServerUntrusted is a server whose certificate does not hold. Values: path.
	ServerUntrusted Code = "server_untrusted"
	// BadAnswer is an answer of a server that makes no sense. Values: path.
	BadAnswer Code = "bad_answer"
)
