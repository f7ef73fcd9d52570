"""A weather service with the interface of Open-Meteo, over the simulated world.

service = WeatherService(weather, clock)
url = await service.start()         # GET {url}/v1/forecast, GET {url}/v1/archive
await service.faults.set(WeatherFault.WRONG_UNITS, True)
"""

from .faults import WeatherFault
from .serve import serve
from .service import WeatherService

__all__ = ["WeatherFault", "WeatherService", "serve"]
