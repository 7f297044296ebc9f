package cli

import (
	"context"
	"strings"

	"nectar/backend/wire"
)

type upgradeCommand struct {
	Look    lookUpgradeCommand    `cmd:"" default:"withargs" hidden:"" help:"Look for a newer version of Nectar."`
	Install installUpgradeCommand `cmd:"" help:"Install the newer version of Nectar that is on a drive."`
}

// Help implements kong.HelpProvider.
func (c *upgradeCommand) Help() string {
	return `Without a word after it, it says whether a newer version of Nectar itself is on a drive, and what is new. “update” is for channels.`
}

type lookUpgradeCommand struct {
	From string `placeholder:"DIR" help:"Look in this folder or drive alone."`
}

func (c *lookUpgradeCommand) run(ctx context.Context, f *face) (int, error) {
	folder, err := f.folder(c.From)
	if err != nil {
		return statusRefused, err
	}
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		found, err := s.Services.Device.Offer(ctx, s.Person, folder)
		if err != nil {
			return err
		}
		offer := f.maker.NewVersion(found)
		return f.answer(offer, func() string { return f.offerText(offer) })
	})
}

func (f *face) offerText(offer *wire.NewVersion) string {
	if offer == nil {
		return f.say.text("no_upgrade", "version", f.env.Version)
	}
	lines := []string{f.say.text("upgrade", "version", offer.Version, "path", offer.Path)}
	for _, note := range offer.Notes {
		lines = append(lines, "  - "+plain(note))
	}
	return strings.Join(append(lines, f.say.text("upgrade_how")), "\n")
}

type installUpgradeCommand struct {
	From string `placeholder:"DIR" help:"Take it from this folder or drive alone."`
}

// Help implements kong.HelpProvider.
func (c *installUpgradeCommand) Help() string {
	return `Compares the package with its signature, and makes a backup of the database before. A version that does not start gives way to the one before.`
}

func (c *installUpgradeCommand) run(ctx context.Context, f *face) (int, error) {
	folder, err := f.folder(c.From)
	if err != nil {
		return statusRefused, err
	}
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		done, err := s.Services.Device.Upgrade(ctx, s.Person, folder, "")
		if err != nil {
			return err
		}
		upgraded := f.maker.Upgraded(done)
		return f.answer(upgraded, func() string {
			if upgraded.HandedOver {
				return f.say.text("upgrade_handed", "version", upgraded.Version)
			}
			return f.say.text("upgraded", "version", upgraded.Version)
		})
	})
}

// folder answers the whole path of a folder that may be left out.
func (f *face) folder(given string) (string, error) {
	if given == "" {
		return "", nil
	}
	return f.path(given)
}
