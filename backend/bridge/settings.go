package bridge

import (
	"encoding/json"

	"github.com/samber/lo"

	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/wire"
)

// Settings is what people decided about this laptop.
type Settings struct{ bridge *Bridge }

// List answers all settings.
//
//api:permission signed in
//api:errors forbidden
func (s *Settings) List() ([]wire.Setting, error) {
	return ask(s.bridge, func(c call) ([]wire.Setting, error) {
		list, err := c.services.Settings.List(c.ctx, c.person)
		return lo.Map(list, func(now service.SettingNow, _ int) wire.Setting { return c.maker.Setting(now) }), err
	})
}

// Set stores the value of a setting, which takes effect at once, and answers
// the setting as it is then.
//
//api:permission coordinator
//api:errors forbidden, not_found, invalid_request
func (s *Settings) Set(name string, value any) (wire.Setting, error) {
	return ask(s.bridge, func(c call) (wire.Setting, error) {
		text, err := json.Marshal(value)
		if err != nil {
			return wire.Setting{}, fault.New(fault.Internal).Because(err)
		}
		now, err := c.services.Settings.Set(c.ctx, c.person, name, text)
		if err != nil {
			return wire.Setting{}, err
		}
		return c.maker.Setting(now), nil
	})
}
